import { defineConfig } from "vite";

export default defineConfig({
  // No data: addresses and no inline modules: the host's content security policy allows its own files alone.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2022", reportCompressedSize: true },
  esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
  server: { proxy: { "/api": process.env.MEDGEN_SERVER ?? "http://127.0.0.1:5600" } },
});
