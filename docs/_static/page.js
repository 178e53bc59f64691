// What all pages need: on paper nothing is folded, and what scrolls can be reached by keys.
"use strict";

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});

for (const block of document.querySelectorAll(".highlight pre")) {
  if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
}
