import { defineConfig, type Plugin } from "vite";

/** The widget carries its styles as text: no file of styles beside it. */
function oneFile(): Plugin {
  return {
    name: "one-file",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const name of Object.keys(bundle)) if (name.endsWith(".css")) delete bundle[name];
    },
  };
}

// The replay as one module for notebooks (anywidget), licences beside it.
export default defineConfig({
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [oneFile()],
  build: {
    outDir: "../src/kalkan/apps/web/static",
    emptyOutDir: false,
    target: "es2023",
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 3000,
    lib: { entry: "src/widget.tsx", formats: ["es"], fileName: () => "widget.js" },
    rollupOptions: { output: { codeSplitting: false } },
  },
});
