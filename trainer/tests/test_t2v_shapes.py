"""The drawn scenes of the base: captions and pictures agree."""

import numpy as np
import pytest

from t2v.shapes import COLOURS, GROUND_MOTIONS, MOTIONS, PLACES, SHAPES, SIZES, Scene, Things

STILL = ("stands still", "stand still")


def scene(ground="plain", colours=("black", "white"), ground_motion="still", parts=()):
    made = Scene(0)
    made.ground, made.colours, made.ground_motion, made.parts = ground, colours, ground_motion, list(parts)
    return made


def thing(**changes):
    usual = {"count": "a", "size": "large", "colour": "red", "shape": ("disc", "discs"), "motion": STILL, "place": "in the middle", "surface": "plain",
             "turn": 0.0, "phase": 0.0, "offsets": ((0, 0),)}
    return Things(**{**usual, **changes})


def centre(frame):
    """Centre of what is not background, -1..1 downwards and to the right in units of half the height, and its area in pixels."""
    rows, columns = np.nonzero(np.abs(frame.astype(int) - COLOURS["black"]).max(2) > 60)
    height, width = frame.shape[:2]
    return 2 * rows.mean() / height - 1, (2 * columns.mean() - width) / height, len(rows)


def test_scenes_are_a_function_of_their_seed():
    assert all(np.array_equal(Scene(seed).frames(3, 24, 36), Scene(seed).frames(3, 24, 36)) and Scene(seed).captions == Scene(seed).captions for seed in range(20))
    assert len({Scene(seed).captions[0] for seed in range(200)}) > 190


@pytest.mark.parametrize("colour", COLOURS)
def test_plain_ground_has_the_colour_that_it_is_said_to_have(colour):
    assert (scene(colours=(colour, "red")).frames(2, 16, 24) == COLOURS[colour]).all()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("shape", SHAPES)
def test_shape_stands_where_it_is_said_to_stand(shape, place):
    down, right, area = centre(scene(parts=[thing(shape=shape, place=place, size="small")]).frames(1, 96, 144)[0])
    assert area > 20 and abs(right - PLACES[place][0]) < 0.12 and abs(down - PLACES[place][1]) < 0.12


def test_sizes_are_in_order():
    areas = [centre(scene(parts=[thing(size=size)]).frames(1, 96, 144)[0])[2] for size in SIZES]
    assert areas[0] < areas[1] / 3 < areas[2] / 9


@pytest.mark.parametrize("motion", MOTIONS)
def test_motion_is_the_one_that_is_told(motion):
    frames = scene(parts=[thing(motion=motion, shape=("bar", "bars"))]).frames(6, 96, 144)
    (down, right, area), (end_down, end_right, end_area) = centre(frames[0]), centre(frames[-1])
    told = {"drifts to the left": end_right < right - 0.5, "drifts to the right": end_right > right + 0.5, "rises": end_down < down - 0.5, "sinks": end_down > down + 0.5,
            "grows": end_area > 2 * area, "shrinks": end_area < area / 2, "stands still": np.array_equal(frames[0], frames[-1])}
    assert told.get(motion[0], not np.array_equal(frames[0], frames[1]))


@pytest.mark.parametrize("ground", ("glowing", "cloudy", "striped", "noisy"))
@pytest.mark.parametrize("motion", GROUND_MOTIONS)
def test_ground_moves_where_it_is_said_to(ground, motion):
    frames = scene(ground, ground_motion=motion).frames(2, 24, 36)
    assert np.array_equal(frames[0], frames[1]) == (motion == "still" or (ground, motion) == ("noisy", "closer"))
    assert all((made.ground, made.ground_motion) != ("noisy", "closer") for made in map(Scene, range(300)))


def test_captions_name_everything_that_is_drawn():
    for seed in range(100):
        made = Scene(seed)
        whole, brief = made.captions
        assert made.colours[0] in whole.lower() and all(part.colour in whole and part.colour in brief.lower() for part in made.parts)
        assert whole.count(".") >= 1 + len(made.parts)
