import { defineConfig } from "vite";

// What is measured is built as the window itself is: for the same web views, as one bundle.
export default defineConfig({
  base: "./",
  build: {
    target: ["safari17.5", "chrome125"],
    modulePreload: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 16_384,
    rolldownOptions: { input: "render.html" },
  },
  resolve: { dedupe: ["react", "react-dom"] },
  server: { fs: { allow: ["../../.."] } },
});
