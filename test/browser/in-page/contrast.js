/** WCAG 2.2, 1.4.3 for text and 1.4.11 for what is typed into and pressed. */
(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!canvas) return ['no canvas to read colours with'];
  const parse = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, bottom) => {
    const mix = (index) => top[index] * top[3] + bottom[index] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  // What a page without a background of its own stands on: another one in the dark.
  const probe = document.body.appendChild(document.createElement('div'));
  probe.style.backgroundColor = 'Canvas';
  const browsersOwn = parse(getComputedStyle(probe).backgroundColor);
  probe.remove();
  const backgroundOf = (element) => {
    if (element === null) return browsersOwn;
    const colour = parse(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour : over(colour, backgroundOf(element.parentElement));
  };
  const luminance = ([red, green, blue]) => {
    const part = (value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const contrast = (one, other) => {
    const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const problems = [];
  const report = (what, found, needed) => {
    if (found < needed) problems.push(`${what.trim().slice(0, 40)}: ${found.toFixed(2)} of ${needed}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || (node.textContent ?? '').trim() === '' || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const background = backgroundOf(element);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    report(
      node.textContent ?? '',
      contrast(over(parse(style.color), background), background),
      isLarge ? 3 : 4.5,
    );
  }
  for (const control of document.querySelectorAll('input:not([type=hidden]), select, button')) {
    const outside = backgroundOf(control.parentElement);
    const edge = over(parse(getComputedStyle(control).borderTopColor), outside);
    const found = Math.max(contrast(edge, outside), contrast(backgroundOf(control), outside));
    report(`the edge of ${control.getAttribute('name') ?? control.textContent}`, found, 3);
  }
  return problems;
})();
