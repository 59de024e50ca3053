/** A process that contributes: root, id of the project, how many, its name. @module */
import { addContribution } from "../../../../lib/ogp/projects/contributions.ts";
import { getProject } from "../../../../lib/ogp/projects/project_store.ts";
import { openOgpState } from "../../../../lib/ogp/state.ts";

if (import.meta.main) {
  const [root = "", id = "", count = "0", name = ""] = Deno.args;
  const state = openOgpState(root);
  const project = await getProject(state, id);
  const each = Array.from({ length: Number(count) }, (_, n) => n);
  await Promise.all(
    each.map((n) =>
      addContribution(state, project, { entryType: "progress", summary: `${name} ${n}` }, {
        ...{ author: name, now: new Date(), source: `${name} ${n}` },
      })
    ),
  );
}
