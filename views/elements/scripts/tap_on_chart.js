// A tap on a chart means the point under the finger, and a swipe over it moves the page. Plotly hears a finger as it comes down:
// where points can be picked it then keeps the page from moving, and takes the point that a pointer last moved over, which is
// the one tapped before. So it does not hear fingers at all: of a tap the browser makes a pointer's move and click.
(() => {
    window.addEventListener('touchstart', tap => {
        if (tap.target.closest?.('.js-plotly-plot .nsewdrag')) tap.stopImmediatePropagation();
    }, {capture: true, passive: true});
})()
