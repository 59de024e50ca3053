import { assert, assertEquals, assertMatch } from "@std/assert";
import { frontmatter, SKILLS } from "../../../lib/skills/skills.ts";
import { EMBEDDED, embeddedSkills, SKILLS as FOLDER } from "../../../scripts/skills.ts";

Deno.test("what is embedded is what is in etc/skills", async () => {
  const embedded = await Deno.readTextFile(EMBEDDED);
  assertEquals(embedded, await embeddedSkills(), "Run: deno run -A scripts/skills.ts");
});

Deno.test("each skill says what it is in a way that OpenClaw and Claude Code read", async () => {
  const folders = await Array.fromAsync(Deno.readDir(FOLDER), ({ name }) => name);
  for (const folder of folders) {
    const text = await Deno.readTextFile(`${FOLDER}/${folder}/SKILL.md`);
    const { name, description = "", metadata = "" } = frontmatter(text);
    assertEquals(name, folder);
    assertMatch(folder, /^[a-z0-9-]+$/);
    assert(description.length > 40 && description.length < 160, `${folder}: description`);
    // As YAML has it, a value without quotes ends at a colon or a hash, and begins with a letter.
    assertMatch(description, /^[A-Z](?:(?!: | #).)*\.$/, folder);
    assertEquals(JSON.parse(metadata).openclaw.requires, { bins: ["mesh"] });
    assertMatch(text, /^---\n(?:\w+: .+\n){3}---\n\n# \S/);
  }
});

Deno.test("a skill is embedded for all that there are commands for", () => {
  assertEquals(SKILLS.map(({ name }) => name), [
    "mesh",
    "ocg",
    "ogp",
    "ogp-agent-comms",
    "ogp-expose",
    "ogp-project",
  ]);
});
