"""What tests measure on a mail that a browser has laid out, as scripts for its page."""

_CONTRASTS = """() => {
  const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility()) continue;
    const pair = [light(rgb(getComputedStyle(node).color)), light(ground(node))];
    pair.sort((a, b) => b - a);
    found.push([(pair[0] + 0.05) / (pair[1] + 0.05), walker.currentNode.data.trim().slice(0, 40)]);
  }
  IMAGES
  return found;
}"""
_OF_IMAGES = """for (const image of document.images) {
    const style = getComputedStyle(image);
    const pair = [light(rgb(style.color)), light(rgb(style.backgroundColor))].sort((a, b) => b - a);
    found.push([(pair[0] + 0.05) / (pair[1] + 0.05), image.alt]);
  }"""
# Every piece of visible text with its colour over the nearest painted background, as ratios of
# WCAG 2.2 (section 1.4.3); the preheader is hidden and left out.
TEXT_CONTRASTS = _CONTRASTS.replace("IMAGES", "")
# The same, and the words of each picture over its own background.
CONTRASTS = _CONTRASTS.replace("IMAGES", _OF_IMAGES)
# The height of each link that stands alone, which a thumb must hit.
TARGETS = """() => [...document.links].filter(a => !a.closest('p, li')).map(a => {
  const box = (a.querySelector('img') || a).getBoundingClientRect();
  return [Math.round(box.height), a.innerText.trim().slice(0, 40)];
})"""

# What reaches beyond the sides of a window that is w wide.
OUTSIDE = """w => [...document.body.querySelectorAll('p,h1,h2,h3,a,img,li,pre,td')]
  .filter(e => e.checkVisibility())
  .filter(e => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > w + 0.5; })
  .map(e => e.outerHTML.slice(0, 80))"""
