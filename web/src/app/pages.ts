/** What every page knows: where it is, and how to get to another one. */

export interface About {
  version: string;
  workspace: string;
  writes: boolean;
}

export function go(...to: (string | number)[]): void {
  location.hash = `/${to.map((p) => encodeURIComponent(String(p))).join("/")}`;
}

export function link(...to: (string | number)[]): string {
  return `#/${to.map((p) => encodeURIComponent(String(p))).join("/")}`;
}
