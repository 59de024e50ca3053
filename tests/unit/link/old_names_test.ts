import { assertEquals } from "@std/assert";
import {
  linkBatch,
  linkFile,
  linkScript,
  OLD_NAMES,
  type OldName,
} from "../../../lib/link/old_names.ts";

const OGP: OldName = { name: "ogp", words: ["ogp"] };

Deno.test("a batch file passes on what it is given, and the exit code", () => {
  assertEquals(linkBatch(OGP, ["C:\\100% mine\\mesh.exe"]).split("\r\n"), [
    "@echo off",
    "rem Written by: mesh link. The same as: mesh ogp",
    'if "%~1"=="--version" goto version',
    '"C:\\100%% mine\\mesh.exe" ogp %*',
    "exit /b %errorlevel%",
    ":version",
    '"C:\\100%% mine\\mesh.exe" --version',
    "",
  ]);
  assertEquals(linkFile("C:\\bin", OGP, true).path, "C:\\bin/ogp.cmd");
});

Deno.test({
  name: "a shell script passes words on as they are, and finds a program that was moved",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const show = '#!/bin/sh\nprintf "<%s>" "$0" "$@"\n';
      await Deno.writeTextFile(`${folder}/it's mesh`, show, { mode: 0o755 });
      await Deno.writeTextFile(`${folder}/mesh`, show, { mode: 0o755 });
      const run = async (name: OldName, program: string, ...args: string[]) => {
        await Deno.writeTextFile(`${folder}/link`, linkScript(name, [program, "--first"]));
        const { stdout } = await new Deno.Command("sh", {
          args: [`${folder}/link`, ...args],
          env: { PATH: `${folder}:${Deno.env.get("PATH")}` },
        }).output();
        return new TextDecoder().decode(stdout);
      };
      const there = `${folder}/it's mesh`;
      assertEquals(await run(OGP, there, "a b", "", "$x"), `<${there}><--first><ogp><a b><><$x>`);
      assertEquals(await run(OGP, there, "--version"), `<${there}><--first><--version>`);
      assertEquals(await run(OGP, `${folder}/gone`, "status"), `<${folder}/mesh><ogp><status>`);
      const skills = OLD_NAMES.find(({ name }) => name === "ogp-install-skills") ?? OGP;
      assertEquals(await run(skills, there), `<${there}><--first><skills><install>`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
