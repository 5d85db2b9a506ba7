// Says by its exit code whether the Node.js that runs it is new enough to build the app: 0 yes, 1 no.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const needed = engines.node.match(/\d+/g).map(Number);
const here = process.versions.node.split(".").map(Number);
const first = needed.findIndex((part, i) => part !== here[i]);
process.exitCode = first < 0 || here[first] > needed[first] ? 0 : 1;
