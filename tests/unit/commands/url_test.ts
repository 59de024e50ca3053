import { assertEquals, assertThrows } from "@std/assert";
import { baseUrl } from "../../../commands/url.ts";
import { MeshError } from "../../../lib/error.ts";

Deno.test("a host alone gets the scheme and the default port", () => {
  const urls: [typed: string, base: string][] = [
    ["nas.local", "http://nas.local:8787"],
    ["nas.local:8790", "http://nas.local:8790"],
    ["192.168.1.20", "http://192.168.1.20:8787"],
    ["192.168.1.20:80", "http://192.168.1.20"],
    ["[fd00::2]:8790", "http://[fd00::2]:8790"],
    ["[fd00::2]", "http://[fd00::2]:8787"],
    ["localhost/", "http://localhost:8787"],
    ["http://nas.local", "http://nas.local"],
    ["HTTPS://Mesh.Example/stan/", "https://mesh.example/stan"],
    ["https://mesh.example:443//", "https://mesh.example"],
  ];
  for (const [typed, base] of urls) assertEquals([typed, baseUrl(typed)], [typed, base]);
});

Deno.test("what is no place where a peer can be is refused", () => {
  const typed = [
    "",
    "http://",
    "ftp://nas.local",
    "file:///etc/passwd",
    "http://user:secret@nas.local",
    "http://169.254.169.254",
    "http://0.0.0.0:8787",
    "http://[::]",
    "http://224.0.0.1",
    "two words",
  ];
  for (const url of typed) {
    const { code, message } = assertThrows(() => baseUrl(url), MeshError);
    assertEquals([url, code], [url, "malformed"]);
    assertEquals(message.includes("secret"), false);
  }
});
