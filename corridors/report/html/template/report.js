"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [width, height] = data.size;
  const whole = [[0, 0], [height, width]];

  // ---- Leaflet writes (north, east); the page holds (east, north) from the lower left corner.
  function drawing(layer) {
    if (layer.picture) return L.imageOverlay(layer.picture, whole, { opacity: layer.opacity, alt: layer.title });
    const group = L.featureGroup();
    for (const feature of layer.features) L.geoJSON(feature.g, {
      coordsToLatLng: ([east, north]) => L.latLng(north, east),
      style: () => style(feature.look),
      pointToLayer: (_, place) => L.circleMarker(place, { radius: feature.look.size / 2 + 1 }),
      onEachFeature: (_, shape) => {
        if (layer.fields.length) shape.bindPopup(() => popup(layer, feature.said), { maxWidth: 320 });
        if (layer.names !== null && feature.said[layer.names] !== "–" && !layer.named?.has(feature.said[0] + feature.said[layer.names])) {
          (layer.named ??= new Set()).add(feature.said[0] + feature.said[layer.names]);
          shape.bindTooltip(text("span", feature.said[layer.names]), { permanent: true, direction: "center", className: "label" });
        }
      },
    }).addTo(group);
    layer.named = null;
    return group;
  }

  function style(look) {
    return {
      color: look.colour, weight: look.width, fill: look.fill !== null, fillColor: look.fill,
      fillOpacity: look.opacity, dashArray: look.dash ? "7 5" : null,
    };
  }

  function text(kind, said) {
    const element = document.createElement(kind);
    element.textContent = said;
    return element;
  }

  function popup(layer, said) {
    const box = document.createElement("div");
    box.className = "popup";
    box.append(text("strong", layer.title));
    const table = box.appendChild(document.createElement("table"));
    layer.fields.forEach((field, i) => {
      const row = table.insertRow();
      const head = text("th", field);
      head.scope = "row";
      row.append(head, text("td", said[i]));
    });
    return box;
  }

  // ---- One pane: a map, a choice of what it shows, a layer switch, the numbers of a proposal.
  function pane(side, first) {
    const map = L.map(`map-${side}`, {
      crs: L.CRS.Simple, minZoom: -14, maxZoom: 2, zoomSnap: 0.25, zoomControl: false,
      zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false,
    });
    map.attributionControl.setPrefix(false).addAttribution(text("span", data.words.disclaimer_short).innerHTML);
    L.control.zoom({ zoomInTitle: data.words.map_zoom_in, zoomOutTitle: data.words.map_zoom_out }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.fitBounds(whole);
    const choice = document.getElementById(`view-${side}`);
    data.views.forEach((view, i) => choice.append(new Option(view.title, i)));
    choice.value = first;
    let shown = [], control = null, chosen = null;
    function show() {
      // The switch goes first: it takes every layer that goes for one the reader switched off.
      control?.remove();
      shown.forEach(layer => layer.remove());
      control = L.control.layers(null, null, { collapsed: true });
      const view = data.views[choice.value];
      shown = view.layers.map(name => {
        const layer = data.layers[name], drawn = drawing(layer);
        // What the reader switched stays switched from view to view.
        if (chosen?.has(layer.title) ? chosen.get(layer.title) : layer.on) drawn.addTo(map);
        control.addOverlay(drawn, text("span", layer.title).innerHTML);
        return drawn;
      });
      control.addTo(map);
      const numbers = document.getElementById(`numbers-${side}`);
      numbers.replaceChildren(...view.numbers.map(([name, value]) => {
        const pair = document.createElement("div");
        pair.append(text("dt", name), text("dd", value));
        return pair;
      }));
    }
    chosen = new Map();
    map.on("overlayadd overlayremove", event => {
      const said = document.createElement("span");
      said.innerHTML = event.name;
      chosen.set(said.textContent, event.type === "overlayadd");
    });
    choice.addEventListener("change", show);
    map.on("mousemove", ({ latlng }) => {
      const east = Math.round(data.origin[0] + latlng.lng), north = Math.round(data.origin[1] + latlng.lat);
      document.getElementById("position").textContent = `${data.crs}: ${east} m E, ${north} m N`;
    });
    show();
    return map;
  }

  const left = pane("left", 0), right = pane("right", data.right);
  let following = false;
  for (const [one, other] of [[left, right], [right, left]]) one.on("move", () => {
    if (following) return;
    following = true;
    other.setView(one.getCenter(), one.getZoom(), { animate: false });
    following = false;
  });
})();
