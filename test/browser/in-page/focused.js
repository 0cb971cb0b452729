(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return '';
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  if (outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2) return 'the focus cannot be seen';
  const [label] = element.labels ?? [];
  return (label ?? element).textContent.trim().replaceAll(/\s+/g, ' ');
})();
