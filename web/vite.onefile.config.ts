import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const LICENSES = "../src/kalkan/apps/web/static/licenses.md"; // written by the first build

/** Puts scripts and styles into the page itself. */
function inline(): Plugin {
  return {
    name: "inline-everything",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = Object.values(bundle).find((f) => f.fileName.endsWith(".html"));
      if (!page || page.type !== "asset") throw new Error("no page");
      let html = String(page.source);
      html = html.replace(/<script[^>]*src=[^>]*><\/script>/g, "").replace(/<link[^>]*stylesheet[^>]*>/g, "");
      let styles = "";
      let scripts = "";
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "chunk") scripts += file.code.replaceAll("</script", "<\\/script");
        else if (name.endsWith(".css")) styles += String(file.source);
        if (file !== page) delete bundle[name];
      }
      // functions as replacements: "$&" in the code must stay as it is
      html = html.replace("</head>", () => `<style>${styles}</style></head>`);
      const licenses = readFileSync(LICENSES, "utf8").replaceAll("--", "- -");
      html = html.replace("</head>", () => `<!--\n${licenses}\n--></head>`);
      page.source = html.replace("</body>", () => `<script>${scripts}</script></body>`);
    },
  };
}

export default defineConfig({
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [inline()],
  build: {
    outDir: "../src/kalkan/apps/web/static",
    emptyOutDir: false,
    target: "es2023",
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 3000,
    rollupOptions: { input: "onefile.html", output: { format: "iife", codeSplitting: false } },
  },
});
