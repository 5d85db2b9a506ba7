import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { setWorkerUrl } from "maplibre-gl";
import { render } from "preact";
import "./style.css";
import { App } from "./app/app";
import { wearTheme } from "./common/theme";

wearTheme(document.documentElement);
setWorkerUrl(new URL(workerUrl, location.href).href);
render(<App />, document.getElementById("app")!);
