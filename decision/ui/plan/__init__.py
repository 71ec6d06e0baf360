"""Plan together: a board in the browser. Everybody opens it by a link; what one does the others see within a second or two."""
