/** The folder with the views over findings. */
export const detectViews = new URL('./views/', import.meta.url)
