import { availableParallelism } from "node:os";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { frozenPrototypes } from "./frozen.ts";

// The window's policy forbids inline scripts and styles, so nothing is inlined and no polyfill is injected. The
// targets are the oldest web views that the packages support.
export default defineConfig({
  base: "./",
  plugins: [react(), frozenPrototypes()],
  build: {
    target: ["safari17.5", "chrome125"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    // Vitest leaves one processor to others, which is half of a machine that has two.
    maxWorkers: availableParallelism(),
    // A machine that is busy with other things is no failure.
    testTimeout: 30_000,
    restoreMocks: true,
    css: { include: /\.module\.css$/, modules: { classNameStrategy: "non-scoped" } },
  },
});
