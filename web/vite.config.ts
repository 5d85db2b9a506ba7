import { defineConfig } from "vite";

// The app that the server serves: separate files, so that a strict content-security policy holds.
export default defineConfig({
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/kalkan/apps/web/static",
    emptyOutDir: true,
    target: "es2023",
    license: { fileName: "licenses.md" },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2500,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
