// Pictures by keyboard and by touch: Tab reaches a picture's events, arrow keys go from one to the next (down and up in
// a process, right and left to what is at about the same height in another one), and the call stands below, with the
// line of the script that made it.  A click on a line of the script marks its events.  The page reads without all this.
"use strict";

for (const figure of document.querySelectorAll("figure.timeline")) {
  const picture = figure.querySelector("svg.minishell");
  const events = picture ? [...picture.querySelectorAll(".e")] : [];
  if (!events.length) continue;

  const call = document.createElement("output");
  call.className = document.querySelector(".timeline-call") ? "timeline-call" : "timeline-call first";
  figure.querySelector(".timeline-scroll").after(call);
  const places = events.map(event => {
    const text = event.querySelector("text");
    return { event, x: Number(text.getAttribute("x")), y: Number(text.getAttribute("y")) };
  });

  const lineOf = event => document.getElementById(`${figure.dataset.script}-${event.dataset.line}`);
  const light = (line, chosen) => {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (const one of [line, ...chosen]) one?.classList.add("lit");
  };
  const show = event => {
    const line = lineOf(event);
    call.textContent = event.querySelector("title").textContent;
    light(line, [event]);
    if (!line) return;
    const link = document.createElement("a");
    link.href = `#${line.id}`;
    link.textContent = `line ${event.dataset.line}`;
    const words = [...line.childNodes].filter(node => !node.classList?.contains("linenos"));
    call.append(" ← ", link, ": ", words.map(node => node.textContent).join("").trim());
  };
  for (const line of new Set(events.map(lineOf).filter(Boolean))) {
    line.classList.add("seen");
    line.addEventListener("click", () => {
      light(line, events.filter(event => lineOf(event) === line));
      figure.scrollIntoView({ block: "nearest" });
    });
  }
  const choose = event => {
    for (const other of events) other.setAttribute("tabindex", other === event ? "0" : "-1");
  };
  const beside = (from, way) => {
    const lanes = [...new Set(places.map(place => place.x))].sort((one, other) => one - other);
    const lane = lanes[lanes.indexOf(from.x) + way];
    const there = places.filter(place => place.x === lane);
    return there.sort((one, other) => Math.abs(one.y - from.y) - Math.abs(other.y - from.y))[0];
  };
  const along = (from, way) => {
    const lane = places.filter(place => place.x === from.x).sort((one, other) => one.y - other.y);
    return lane[lane.indexOf(from) + way];
  };
  const keys = {
    ArrowDown: from => along(from, 1),
    ArrowUp: from => along(from, -1),
    ArrowRight: from => beside(from, 1),
    ArrowLeft: from => beside(from, -1),
    Home: () => places[0],
    End: () => places[places.length - 1],
  };

  picture.setAttribute("role", "group"); // an img would hide its events
  choose(events[0]);
  const take = event => { // a window that is in the background tells of no focus
    event.focus();
    choose(event);
    show(event);
  };
  for (const place of places) {
    place.event.setAttribute("role", "img"); // its title is its name
    place.event.addEventListener("mouseenter", () => show(place.event));
    place.event.addEventListener("click", () => take(place.event));
    place.event.addEventListener("focus", () => {
      choose(place.event);
      show(place.event);
    });
    place.event.addEventListener("keydown", pressed => {
      const next = pressed.key in keys && keys[pressed.key](place);
      if (!next) return;
      pressed.preventDefault();
      take(next.event);
    });
  }
}
