"""The first pages: all towns, one town with its measures, one measure, the region. The portal builds on them."""
