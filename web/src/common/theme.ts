import { signal, effect } from "@preact/signals";

export type Theme = "light" | "dark";

function stored(): Theme | null {
  try {
    const found = localStorage.getItem("kalkan-theme");
    return found === "light" || found === "dark" ? found : null;
  } catch {
    return null; // storage is switched off
  }
}

export const theme = signal<Theme>(stored() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));

/** Let an element carry the theme; how to end it. */
export function wearTheme(root: HTMLElement): () => void {
  return effect(() => {
    root.dataset.theme = theme.value;
  });
}

export function toggleTheme(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("kalkan-theme", theme.value);
  } catch {
    // then it is forgotten
  }
}
