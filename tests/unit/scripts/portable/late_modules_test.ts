import { assertEquals } from "@std/assert";
import { lateModules } from "../../../../scripts/portable/late_modules.ts";

const HELPER = `import { createRequire as __deno_internal_createRequire } from "node:module";
var __require = __deno_internal_createRequire(import.meta.url);
`;

Deno.test("files of the bundle are no part of the graph that is read at start, and still found", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const names = new Set(["main.js", "scan-X1.js"]);
    const main = `${HELPER}export const got = (await import("./scan-X1.js")).one;
export const path = __require("node:path").sep;
`;
    await Deno.writeTextFile(`${folder}/scan-X1.js`, "export const one = 1;\n");
    await Deno.writeTextFile(`${folder}/main.js`, lateModules(main, names));
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", `${folder}/main.js`],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0);
    const modules: { specifier: string }[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
    assertEquals(modules.filter(({ specifier }) => specifier.endsWith("scan-X1.js")), []);
    const { got, path } = await import(`file://${folder}/main.js`);
    assertEquals([got, path], [1, "/"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
