import workerSource from "maplibre-gl/dist/maplibre-gl-worker.mjs?raw";
import { setWorkerUrl } from "maplibre-gl";
import { render } from "preact";
import "./style.css";
import { wearTheme } from "./common/theme";
import type { ReplayDocument } from "./replay/document";
import { ReplayView } from "./replay/replay";

wearTheme(document.documentElement);
// a page that opens from disk: the worker too comes out of the page itself
setWorkerUrl(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));
const doc = JSON.parse(document.getElementById("document")!.textContent!) as ReplayDocument;
render(<ReplayView doc={doc} />, document.getElementById("app")!);
