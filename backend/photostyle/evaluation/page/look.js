"use strict";
const rows = [...document.querySelectorAll("section")].map((section) => [...section.querySelectorAll("figure")]);
const dialog = document.querySelector("dialog");
const [large, text] = [dialog.querySelector("img"), dialog.querySelector("p")];
let row = 0, column = 0;

function show(shown) {
  const figure = rows[row][shown];
  large.src = figure.querySelector("a").href;
  text.textContent = `${rows[row][0].closest("section").querySelector("h2").textContent}: ${figure.querySelector("figcaption").textContent}`;
}

function go(down, right) {
  row = Math.min(Math.max(row + down, 0), rows.length - 1);
  column = Math.min(Math.max(column + right, 0), rows[row].length - 1);
  show(column);
  rows[row][column].scrollIntoView({ block: "nearest", inline: "nearest" });
}

rows.forEach((figures, r) => figures.forEach((figure, c) => figure.querySelector("a").addEventListener("click", (event) => {
  event.preventDefault();
  [row, column] = [r, c];
  dialog.showModal();
  go(0, 0);
})));

const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

dialog.addEventListener("keydown", (event) => {
  if (moves[event.key]) go(...moves[event.key]);
  else if (event.key === " ") show(0);
  else return;
  event.preventDefault();
});
dialog.addEventListener("keyup", (event) => { if (event.key === " ") show(column); });
dialog.addEventListener("click", () => dialog.close());
