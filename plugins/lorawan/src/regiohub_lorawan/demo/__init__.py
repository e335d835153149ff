"""Example sensors for a town: a year of hourly values, and a generator that keeps them alive. No real sensors."""

from regiohub.api import Demo
from regiohub_lorawan.demo.hints import hints
from regiohub_lorawan.demo.live import live
from regiohub_lorawan.demo.loading import load

DEMO = Demo(load=load, live=live, hints=hints)

__all__ = ["DEMO"]
