// What the browser measures on a screen: targets too small for a finger, words in charts too pale to read.
window.medspa = (() => {
  const heardOnly = element => { for (let at = element; at; at = at.parentElement) { const style = getComputedStyle(at); if (style.overflow === "hidden" && style.position === "absolute" && at.clientWidth <= 1) return true; } return false; };
  const seen = element => {
    if (heardOnly(element)) return false;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    return box.width > 2 && box.height > 2 && style.visibility !== "hidden" && element.checkVisibility();
  };
  const name = element => `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") || element.textContent || "").trim().slice(0, 50)}"`;

  // Where a finger may come down for an element: what answers at 22 px from its middle, on each side.
  const TARGETS = "button, a[href], input, summary, [role=tab], [role=radio], [role=button], [role=checkbox], [role=link]";
  const FIELDS = "[data-testid=stNumberInputContainer], [data-testid=stDateInputField], [data-testid=stTextInputRootElement]";
  const REACH = 21.5;
  const small = target => {
    const field = target.closest(FIELDS) || target;
    const inner = target.tagName === "A" || target.tagName === "INPUT";
    let box = field.getBoundingClientRect();
    if (box.width >= 2 * REACH && box.height >= 2 * REACH) return null;
    const size = `${Math.round(box.width)} x ${Math.round(box.height)}`;
    field.scrollIntoView({block: "center"});
    box = field.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const hits = (dx, dy) => { const hit = document.elementFromPoint(x + dx, y + dy); return hit && (field.contains(hit) || hit.contains(target) && inner && hit.tagName === "LABEL"); };
    const wide = box.width >= 2 * REACH || (hits(-REACH, 0) && hits(REACH, 0));
    const high = box.height >= 2 * REACH || (hits(0, -REACH) && hits(0, REACH));
    return wide && high ? null : `${name(target)}: ${size}`;
  };
  const smallTargets = () => [...document.querySelectorAll(TARGETS)].filter(seen).filter(t => !t.closest("[data-testid=stDateInputField] [role=spinbutton]")).map(small).filter(Boolean);

  // Contrast of each word of a chart with every colour that is painted under it.
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const colour = (text, opacity = 1) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, (a / 255) * opacity];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const contrast = (one, other) => { const [a, b] = [light(one), light(other)].sort((p, q) => q - p); return (a + 0.05) / (b + 0.05); };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] > 0.99) return found;
    }
    return [255, 255, 255, 1];
  };
  const opacityOf = (element, root) => {
    let found = 1;
    for (let at = element; at && at !== root; at = at.parentElement) found *= parseFloat(getComputedStyle(at).opacity);
    return found;
  };
  const painted = (shape, x, y) => {
    const matrix = shape.getScreenCTM();
    return matrix && shape.isPointInFill(new DOMPoint(x, y).matrixTransform(matrix.inverse()));
  };
  const under = (text, shapes, root, x, y) => shapes
    .filter(shape => shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)
    .filter(shape => getComputedStyle(shape).fill !== "none" && painted(shape, x, y))
    .reduce((below, shape) => {
      const style = getComputedStyle(shape);
      return over(colour(style.fill, parseFloat(style.fillOpacity) * opacityOf(shape, root)), below);
    }, behind(root));
  const paleIn = root => {
    const shapes = [...root.querySelectorAll("rect, path, circle, polygon, ellipse")].filter(s => !s.closest("clipPath, defs"));
    const pale = [];
    for (const text of root.querySelectorAll("text")) {
      const box = text.getBoundingClientRect();
      if (!text.textContent.trim() || !box.width) continue;
      const style = getComputedStyle(text), halo = style.paintOrder.startsWith("stroke") && style.stroke !== "none";
      const ink = colour(style.fill, parseFloat(style.fillOpacity) * opacityOf(text, root));
      let worst = 99;
      for (const share of [0.06, 0.3, 0.5, 0.7, 0.94]) {
        const paper = halo ? colour(style.stroke) : under(text, shapes, root, box.left + box.width * share, box.top + box.height / 2);
        worst = Math.min(worst, contrast(over(ink, paper), paper));
      }
      if (worst < 4.5) pale.push(`"${text.textContent.trim().slice(0, 40)}": ${worst.toFixed(2)}`);
    }
    return pale;
  };
  const charts = () => [...document.querySelectorAll("svg[role=img], .js-plotly-plot")].filter(seen);
  const paleWords = () => charts().flatMap(paleIn);
  const words = () => charts().reduce((sum, chart) => sum + chart.querySelectorAll("text").length, 0);
  const cutWords = () => charts().flatMap(root => {
    const frame = root.getBoundingClientRect();
    return [...root.querySelectorAll("text")].filter(text => { const box = text.getBoundingClientRect(); return box.width && text.textContent.trim() && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1); }).map(text => `"${text.textContent.trim()}"`);
  });
  const smallWords = () => { const found = new Set(); const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); while (walker.nextNode()) { const node = walker.currentNode, at = node.parentElement; if (!node.textContent.replace(/[\u200b\s]/g, "") || !seen(at) || at.closest("script, style, noscript, [data-testid=stIconMaterial]")) continue; const size = at.closest("svg[role=img]") ? parseFloat(getComputedStyle(at).fontSize) * at.ownerSVGElement.getScreenCTM().a : parseFloat(getComputedStyle(at).fontSize); if (size < 12.9) found.add(`"${node.textContent.trim().slice(0, 40)}": ${size.toFixed(1)} px`); } return [...found]; };
  const tooWide = () => Math.max(...[document.documentElement, document.querySelector("[data-testid=stMain]")].map(one => one.scrollWidth - one.clientWidth));
  const ownWords = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent.replace(/[\u200b\s]/g, ""));
  const blankButtons = () => [...document.querySelectorAll("button")].filter(seen)
    .filter(button => !button.querySelector("svg, [data-testid=stIconMaterial]"))
    .filter(button => ![button, ...button.querySelectorAll("*")].some(part => ownWords(part) && seen(part))).map(name);

  // The selectors of our own sheets, without what only a finger, a field's state or an earlier moment gives, and whether something here answers to each.
  const MOMENTS = /:not\((:active|:placeholder-shown, :focus)\)|::[a-z-]+|:(hover|active|focus-visible|disabled)/g;
  const rules = all => [...all].flatMap(rule => rule.selectorText ? [rule] : rule.cssRules ? rules(rule.cssRules) : []);
  const split = list => { const found = []; let depth = 0, one = ""; for (const sign of list) { depth += sign === "(" ? 1 : sign === ")" ? -1 : 0; if (sign === "," && !depth) { found.push(one.trim()); one = ""; } else one += sign; } return [...found, one.trim()]; };
  const oursOnly = () => [...document.styleSheets].filter(sheet => sheet.ownerNode?.closest?.("[data-testid=stHtml]"));
  const selectors = () => Object.fromEntries(oursOnly().flatMap(sheet => rules(sheet.cssRules)).flatMap(rule => split(rule.selectorText)).map(one => [one, !!document.querySelector(one.replace(MOMENTS, "") || "*")]));
  return {selectors, blankButtons, smallTargets, paleWords, cutWords, smallWords, tooWide, charts: () => charts().length, words};
})();
