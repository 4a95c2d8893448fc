// A button of class `mc-print` prints the page. A manager's chart is as wide as the screen was: on paper it is made to fit.
(() => {
    document.addEventListener('click', tap => { if (tap.target.closest?.('.mc-print')) window.print(); });
    window.addEventListener('beforeprint', () => document.querySelectorAll('.js-plotly-plot .svg-container').forEach(box => {
        const [width, height] = [box.clientWidth, box.clientHeight];
        if (!width || box.style.getPropertyValue('--whole')) return;
        box.style.setProperty('--whole', `${width} / ${height}`);
        box.querySelectorAll('.main-svg').forEach(svg => svg.setAttribute('viewBox', `0 0 ${width} ${height}`));
    }));
    window.addEventListener('afterprint', () => document.querySelectorAll('.js-plotly-plot .svg-container').forEach(box => {
        box.style.removeProperty('--whole');
        box.querySelectorAll('.main-svg').forEach(svg => svg.removeAttribute('viewBox'));
    }));
})()
