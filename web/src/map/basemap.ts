import "maplibre-gl/dist/maplibre-gl.css";
import { Map as MapLibre, type GeoJSONSource, type ImageSource, type StyleSpecification } from "maplibre-gl";
import { h, render } from "preact";
import { Glyph } from "../common/glyph";
import type { Ground } from "./ground";
import { beside, longitudeOf, mercatorX, mercatorY, withinTurn } from "./mercator";
import { theme } from "../common/theme";
import type { Coverage } from "./coverage";

type Corners = [[number, number], [number, number], [number, number], [number, number]];

/** The ground: relief, coasts, borders and what radars see. Everything that moves is drawn on a canvas above it. */
export class Basemap {
  readonly map: MapLibre;
  readonly canvas: HTMLCanvasElement;
  readonly to: CanvasRenderingContext2D;
  readonly ready: Promise<void>;
  width = 0;
  height = 0;
  /** Called before a frame whenever the view has changed. */
  onView: () => void = () => {};
  private readonly kept = document.createElement("canvas");
  /** Of the map's middle, in mercator. */
  middleY = 0.5;
  private moved = false;
  private scale = 1;
  private offsetX = 0;
  private offsetY = 0;
  /** MapLibre shows -180° to 180°: a scene across that meridian is turned so that its middle is at 0° there [deg]. */
  private readonly turn: number;

  constructor(
    private readonly container: HTMLElement,
    private readonly ground: Ground,
  ) {
    const [west, , east] = ground.box;
    this.turn = west < -180 || east > 180 ? (west + east) / 2 : 0;
    const box = this.boxThere(ground.box);
    this.map = new MapLibre({
      container,
      style: style(ground, box, (lon) => this.lng(lon)),
      bounds: inner(box),
      fitBoundsOptions: { padding: margins(container) },
      maxBounds: box,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      maxZoom: 14,
      renderWorldCopies: false,
      fadeDuration: 0,
      keyboard: false,
      canvasContextAttributes: { antialias: false },
    });
    this.map.touchZoomRotate.disableRotation();
    this.canvas = document.createElement("canvas");
    this.canvas.className = "movers";
    this.map.getCanvasContainer().append(this.canvas);
    const to = this.canvas.getContext("2d");
    if (!to) throw new Error("this browser cannot draw");
    this.to = to;
    this.map.getCanvas().setAttribute("aria-label", "Map");
    container.append(this.buttons(), this.coordinates());
    this.resize();
    // until the user moves the map, it shows the whole scene, whatever its size
    for (const kind of ["dragstart", "zoomstart"] as const)
      this.map.on(kind, (e) => {
        if (e.originalEvent) this.moved = true;
      });
    this.map.on("resize", () => {
      this.resize();
      if (!this.moved) this.whole();
    });
    this.map.on("move", () => this.view());
    this.ready = new Promise((done) => this.map.once("load", () => done()));
    Object.assign(globalThis, { kalkanMap: this.map }); // for tests and measurements
    theme.subscribe(() => this.paint());
    this.map.once("style.load", () => this.paint());
  }

  remove(): void {
    this.map.remove();
  }

  /** Show the whole scene. */
  whole(): void {
    this.moved = false;
    this.map.fitBounds(inner(this.boxThere(this.ground.box)), { duration: 0, padding: margins(this.container) });
  }

  /** Mercator → pixels of the canvas. */
  px(x: number): number {
    return (this.turn ? beside(x, mercatorX(this.turn)) : x) * this.scale + this.offsetX;
  }

  py(y: number): number {
    return y * this.scale + this.offsetY;
  }

  /** Pixels per unit of the mercator square. */
  get pixelsPerUnit(): number {
    return this.scale;
  }

  /** Longitude of a place on MapLibre's map. */
  lng(lon: number): number {
    return this.turn ? longitudeOf(beside(mercatorX(lon), mercatorX(this.turn))) - this.turn : lon;
  }

  private boxThere([west, south, east, north]: Ground["box"]): Ground["box"] {
    const half = (east - west) / 2;
    const middle = this.lng(west + half);
    return this.turn ? [middle - half, south, middle + half, north] : [west, south, east, north];
  }

  /** Longitude and latitude of an event, or so many pixels beside it. */
  lngLat(event: PointerEvent | MouseEvent, [dx, dy] = [0, 0]): [number, number] {
    const frame = this.canvas.getBoundingClientRect();
    const at = this.map.unproject([event.clientX - frame.left + dx, event.clientY - frame.top + dy]);
    return [this.turn ? withinTurn(at.lng + this.turn) : at.lng, at.lat];
  }

  setCoverage(found: Coverage | null): void {
    const source = this.map.getSource<ImageSource>("coverage");
    if (!source) return;
    if (found) source.updateImage({ url: found.png, coordinates: corners(this.boxThere(found.box)) });
    this.map.setLayoutProperty("coverage", "visibility", found ? "visible" : "none");
  }

  setVisible(layer: "relief" | "lines", visible: boolean): void {
    for (const id of layer === "relief" ? ["relief"] : ["coasts", "borders"]) {
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
    }
  }

  /** Ground and movers as one picture, with a line of words below. */
  async picture(words: string): Promise<HTMLCanvasElement> {
    await new Promise((done) => {
      this.map.once("render", () => done(this.keepGround()));
      this.map.triggerRepaint();
    });
    const ground = this.kept;
    const out = document.createElement("canvas");
    const foot = Math.round(ground.width / this.width) * 28;
    out.width = ground.width;
    out.height = ground.height + foot;
    const to = out.getContext("2d")!;
    to.fillStyle = theme.value === "dark" ? "#10161d" : "#ffffff";
    to.fillRect(0, 0, out.width, out.height);
    to.drawImage(ground, 0, 0);
    to.drawImage(this.canvas, 0, 0, ground.width, ground.height);
    to.fillStyle = theme.value === "dark" ? "#dde5ec" : "#1b2430";
    to.font = `${Math.round(foot * 0.46)}px system-ui, sans-serif`;
    to.textBaseline = "middle";
    to.fillText(words, foot * 0.4, ground.height + foot / 2);
    return out;
  }

  private buttons(): HTMLElement {
    const group = document.createElement("div");
    group.className = "zoom";
    const zoom = (by: number) => {
      this.moved = true;
      this.map.zoomTo(this.map.getZoom() + by, { duration: 0 });
    };
    const all: ["plus" | "minus" | "whole", string, () => void][] = [
      ["plus", "Zoom in", () => zoom(0.7)], ["minus", "Zoom out", () => zoom(-0.7)], ["whole", "The whole scene (0)", () => this.whole()],
    ];
    for (const [of, words, act] of all) {
      const button = document.createElement("button");
      button.type = "button";
      render(h(Glyph, { of }), button);
      button.title = words;
      button.setAttribute("aria-label", words.replace(" (0)", ""));
      button.addEventListener("click", act);
      group.append(button);
    }
    return group;
  }

  /** Latitude and longitude under the pointer, as a scenario writes them; empty where there is none. */
  private coordinates(): HTMLElement {
    const out = document.createElement("output");
    out.className = "coordinates";
    out.title = "Latitude, longitude [deg]";
    const holder = this.map.getCanvasContainer();
    holder.addEventListener("pointermove", (e) => {
      const [lon, lat] = this.lngLat(e);
      out.textContent = e.pointerType === "touch" ? "" : `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
    });
    holder.addEventListener("pointerleave", () => (out.textContent = ""));
    return out;
  }

  /** The map's own canvas can only be read right after it was drawn. */
  private keepGround(): void {
    const ground = this.map.getCanvas();
    this.kept.width = ground.width;
    this.kept.height = ground.height;
    this.kept.getContext("2d")!.drawImage(ground, 0, 0);
  }

  private resize(): void {
    const frame = this.map.getContainer();
    const density = globalThis.devicePixelRatio || 1;
    this.width = frame.clientWidth;
    this.height = frame.clientHeight;
    this.canvas.width = Math.round(this.width * density);
    this.canvas.height = Math.round(this.height * density);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.to.setTransform(density, 0, 0, density, 0, 0);
    this.view();
  }

  private view(): void {
    const centre = this.map.getCenter();
    this.middleY = mercatorY(centre.lat);
    this.scale = 512 * 2 ** this.map.getZoom();
    this.offsetX = this.width / 2 - mercatorX(centre.lng + this.turn) * this.scale;
    this.offsetY = this.height / 2 - this.middleY * this.scale;
    this.onView();
  }

  private paint(): void {
    if (!this.map.getLayer("sea")) return;
    const dark = theme.value === "dark";
    const set = (layer: string, property: string, value: string | number) => {
      if (this.map.getLayer(layer)) this.map.setPaintProperty(layer, property as "line-color", value as string);
    };
    set("sea", "background-color", dark ? "#0f1a26" : "#d3dfe9");
    set("relief", "raster-brightness-min", dark ? 0.03 : 0.12);
    set("relief", "raster-brightness-max", dark ? 0.36 : 1);
    set("coverage", "raster-brightness-min", dark ? 0.5 : 0);
    set("coasts", "line-color", dark ? "#5d7387" : "#6b7d8e");
    set("borders", "line-color", dark ? "#75869a" : "#8a7f86");
  }
}

function style(ground: Ground, box: Ground["box"], lng: (lon: number) => number): StyleSpecification {
  const raster = { "raster-fade-duration": 0, "raster-resampling": "linear" } as const;
  const spec: StyleSpecification = {
    version: 8,
    sources: {
      coasts: { type: "geojson", data: lines(ground.coasts, lng), tolerance: 0.1 },
      borders: { type: "geojson", data: lines(ground.borders, lng), tolerance: 0.1 },
      coverage: { type: "image", url: CLEAR, coordinates: corners(box) },
    },
    layers: [{ id: "sea", type: "background", paint: { "background-color": "#d3dfe9" } }],
  };
  if (ground.relief) {
    spec.sources.relief = { type: "image", url: ground.relief, coordinates: corners(box) };
    spec.layers.push({ id: "relief", type: "raster", source: "relief", paint: raster });
  }
  spec.layers.push(
    { id: "coverage", type: "raster", source: "coverage", paint: raster, layout: { visibility: "none" } },
    { id: "coasts", type: "line", source: "coasts", paint: { "line-width": 0.9 } },
    { id: "borders", type: "line", source: "borders", paint: { "line-width": 0.9, "line-dasharray": [4, 2] } },
  );
  return spec;
}

const CLEAR =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

function lines(all: number[][], lng: (lon: number) => number): GeoJSON.Feature {
  const coordinates = all.map((flat) => {
    const points: [number, number][] = [];
    for (let i = 0; i < flat.length; i += 2) points.push([lng(flat[i]!), flat[i + 1]!]);
    return points;
  });
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates } };
}

function corners([west, south, east, north]: [number, number, number, number]): Corners {
  return [
    [west, north],
    [east, north],
    [east, south],
    [west, south],
  ];
}

/** The middle of a box, where the scene is; the rest is margin. */
function inner([west, south, east, north]: [number, number, number, number]): [number, number, number, number] {
  const x = (east - west) * 0.25;
  const y = (north - south) * 0.25;
  return [west + x, south + y, east - x, north - y];
}

/** Room for symbols and names at the edges [px], above all at the top. */
function margins({ clientWidth, clientHeight }: HTMLElement) {
  const side = Math.min(24, 0.06 * clientWidth);
  return { top: Math.min(44, 0.12 * clientHeight), bottom: Math.min(24, 0.06 * clientHeight), left: side, right: side };
}

export type { GeoJSONSource };
