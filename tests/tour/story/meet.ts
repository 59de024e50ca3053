/**
 * Agent Mesh V1 on the local network.
 *
 * @module
 */
import type { Machine } from "../machine.ts";

/**
 * Two strangers find, trust and write to each other.
 *
 * @param anna The one who asks.
 * @param bert The one who is asked.
 */
export async function meet(anna: Machine, bert: Machine): Promise<void> {
  await begin(anna, "Anna");
  await begin(bert, "Bert");
  await anna.types("mesh status", {
    shows: /node +Anna \(anna\)[^]*Agent Mesh V1 on 0\.0\.0\.0 port 8787[^]*trouble +none/,
  });
  const endpoint = `http://${bert.address}:8787`;
  await anna.types("mesh scan", { shows: new RegExp(`Bert \\(bert\\) +${endpoint} .* new\n`) });
  await anna.types(`mesh request-contact ${endpoint} --purpose "shared calendar"`, {
    shows: /^Bert \(bert\) has the request req_/,
  });
  await bert.types("mesh list-requests", {
    shows: /Anna \(anna\) .* pending .* shared calendar\n/,
  });
  await bert.types("mesh approve-request anna --request-back", {
    shows: /^Anna \(anna\) is trusted now\.\n[^]*asked back/,
  });
  await anna.types("mesh list-requests", { shows: /Bert \(bert\) .* pending/ });
  await anna.types("mesh approve-request bert", { shows: /^Bert \(bert\) is trusted now\./ });
  await anna.types(`mesh send-message --to bert --text "Lunch on Friday?" --send`, {
    shows: /^Accepted by Bert \(bert\): msg_[0-9a-f]{32}\n$/,
  });
  await bert.types("mesh list-messages", { shows: /Anna \(anna\) .*\n {2}Lunch on Friday\?\n/ });
}

async function begin(machine: Machine, displayName: string): Promise<void> {
  await machine.types(`mesh init --agent-id ${machine.name} --display-name ${displayName}`, {
    shows: new RegExp(`endpoint +http://${machine.address}:8787\n`),
  });
  await machine.types("mesh up --background", {
    shows: /^mesh up runs .*Agent Mesh V1 on port 8787/,
  });
}
