import { openFileStore } from "../../../lib/store/file_store.ts";
import { storeCases } from "./cases.ts";
import { temporaryRoot } from "./temporary_root.ts";

storeCases("file store", async () => {
  const root = await temporaryRoot();
  return {
    store: openFileStore(root.path),
    again: () => openFileStore(root.path),
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
});
