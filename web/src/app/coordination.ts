const BLOCK = `
# the same defence, with posts that tell each other whom they engage, and with posts that do not
[variants.together]
label = "posts together"
command.coordination = true
[variants.apart]
label = "posts apart"
command.coordination = false
`;

/** Whether a scenario has several posts, which may tell each other whom they engage or not. */
export function severalPosts(text: string): boolean {
  return (text.match(/^\s*\[\[\s*systems\s*\]\]/gm) ?? []).length > 1;
}

/** Whether both are variants of it, written by the switch. */
export function compares(text: string): boolean {
  return text.includes(BLOCK);
}

/** The scenario with both variants, or without them. */
export function switched(text: string): string {
  return compares(text) ? text.replace(BLOCK, "") : `${text.trimEnd()}\n${BLOCK}`;
}
