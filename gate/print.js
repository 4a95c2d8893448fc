// The button that prints a page; the page says the same in words for browsers without it.
document.getElementById("print")?.addEventListener("click", () => window.print());
