(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return '';
  const [label] = element.labels ?? [];
  return (label ?? element).textContent.trim().replaceAll(/\s+/g, ' ');
})();
