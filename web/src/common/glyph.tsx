/** Small pictures for buttons; drawn, so that no font needs to have them. */

const SHAPES = {
  play: "M6 3.5v13l10.5-6.5z",
  pause: "M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z",
  previous: "M4 4h2.2v12H4zM16 4v12L7.2 10z",
  next: "M13.8 4H16v12h-2.2zM4 4v12l8.8-6z",
  camera: "M7.2 3.5h5.6l1.3 2H17a1.2 1.2 0 0 1 1.2 1.2v8.6a1.2 1.2 0 0 1-1.2 1.2H3a1.2 1.2 0 0 1-1.2-1.2V6.7A1.2 1.2 0 0 1 3 5.5h2.9zM10 7.4a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8zM10 9a1.8 1.8 0 1 1 0 3.6A1.8 1.8 0 0 1 10 9z",
  plus: "M9 3h2v6h6v2h-6v6H9v-6H3V9h6z",
  minus: "M3 9h14v2H3z",
  whole: "M3 3h6v2H6.4l3.1 3.1-1.4 1.4L5 6.4V9H3zM17 17h-6v-2h2.6l-3.1-3.1 1.4-1.4 3.1 3.1V11h2z",
  close: "M5.4 4 10 8.6 14.6 4 16 5.4 11.4 10l4.6 4.6-1.4 1.4-4.6-4.6L5.4 16 4 14.6 8.6 10 4 5.4z",
  moon: "M8.2 2.6a7.6 7.6 0 1 0 9.2 9.2A6.2 6.2 0 0 1 8.2 2.6z",
  sun: "M10 6a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM9.2 1h1.6v3H9.2zM9.2 16h1.6v3H9.2zM1 9.2h3v1.6H1zM16 9.2h3v1.6h-3zM3.1 4.2l1.1-1.1 2.1 2.1-1.1 1.1zM13.7 14.8l1.1-1.1 2.1 2.1-1.1 1.1zM14.8 6.3l-1.1-1.1 2.1-2.1 1.1 1.1zM4.2 16.9l-1.1-1.1 2.1-2.1 1.1 1.1z",
} as const;

export function Glyph({ of }: { of: keyof typeof SHAPES }) {
  return (
    <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
      <path d={SHAPES[of]} />
    </svg>
  );
}
