"""The pages of examples/embed_web, used as people use them: strokes of a pen, buttons, sliders."""

from __future__ import annotations

import math
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from browser import browser
from tools import need, zig_environment

WEB = Path(__file__).parent.parent.parent / "examples" / "embed_web"


def build_script():
    """examples/embed_web/build.py as a Python module."""
    spec = spec_from_file_location("example_build", WEB / "build.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """(folder of the built pages, the module reader.py)."""
    need("zig", "chromium", "chromedriver", "selenium")
    pytest.importorskip("sklearn", reason="extra modc[examples]")
    before = list(sys.path)
    with pytest.MonkeyPatch.context() as patch:
        for name, place in zig_environment().items():
            patch.setenv(name, place)
        build = build_script()
        yield build.build(tmp_path_factory.mktemp("web") / "pages"), build.reader
    sys.path[:] = before


@pytest.fixture
def digits(pages):
    with browser() as driver:
        driver.get((pages[0] / "index.html").as_uri())
        yield driver


def draw(driver, *strokes):
    """Draw with a pen: points of each stroke, from 0 (left, top) to 1."""
    from selenium.webdriver.common.actions.action_builder import ActionBuilder
    from selenium.webdriver.common.actions.pointer_input import PointerInput

    box = driver.execute_script("return document.getElementById('paper').getBoundingClientRect().toJSON()")
    for stroke in strokes:
        actions = ActionBuilder(driver, mouse=PointerInput("pen", "pen"), duration=2)
        for at, (x, y) in enumerate(stroke):
            actions.pointer_action.move_to_location(int(box["left"] + x * box["width"]), int(box["top"] + y * box["height"]))
            if at == 0:
                actions.pointer_action.pointer_down()
        actions.pointer_action.pointer_up()
        actions.perform()


ZERO = [(0.5 - 0.18 * math.sin(t / 3), 0.5 - 0.3 * math.cos(t / 3)) for t in range(20)]
ONE = [(0.4, 0.32), (0.52, 0.2), (0.52, 0.5), (0.52, 0.82)]
SEVEN = [(0.3, 0.2), (0.5, 0.2), (0.7, 0.2), (0.6, 0.45), (0.5, 0.65), (0.44, 0.82)]


@pytest.mark.parametrize("strokes, digit", [([ZERO], 0), ([ONE], 1), ([SEVEN], 7)])
def test_strokes_are_read(digits, strokes, digit):
    assert digits.find_element("id", "digit").text == "?"
    draw(digits, *strokes)
    assert digits.find_element("id", "digit").text == str(digit)
    bars = digits.find_elements("css selector", "#bars li")
    assert [bar.get_attribute("class") for bar in bars] == ["best" if at == digit else "" for at in range(10)]
    shares = [float(bar.text.split()[1]) for bar in bars]
    assert max(shares) == shares[digit] > 50
    assert abs(sum(shares) - 100) < 1
    ink = np.array(digits.execute_script("return Array.from(page.image())"))
    assert abs(ink.sum() - 0.3 * 64) < 1.5
    digits.find_element("id", "clear").click()
    assert digits.find_element("id", "digit").text == "?"


def test_the_page_gives_the_numbers_of_python(digits, pages):
    reader = pages[1].trained()
    _, _, images, labels = pages[1].data()
    found = digits.execute_script("return arguments[0].map((image) => Array.from(page.network.classify(image)))", images.tolist())
    expected = np.array([reader.classify(image) for image in images])
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)
    assert np.mean(np.argmax(found, axis=1) == labels) > 0.96


def test_a_lesson_changes_the_reading_until_it_is_forgotten(digits):
    draw(digits, ONE)
    lessons = digits.find_elements("css selector", "#lessons button")
    lessons[4].click()
    assert digits.find_element("id", "digit").text == "4"
    assert digits.find_element("id", "taught").text.startswith("It was a 4: ")
    digits.find_element("id", "forget").click()
    assert digits.find_element("id", "digit").text == "1"


@pytest.mark.parametrize("name", ["index.html", "tracking.html"])
def test_a_page_loads_nothing(pages, name):
    with browser() as driver:
        driver.get((pages[0] / name).as_uri())
        assert driver.execute_script("return performance.getEntriesByType('resource').filter((one) => !one.name.startsWith('data:')).length") == 0


def test_the_filter_works_at_every_frame(pages):
    with browser() as driver:
        driver.get((pages[0] / "tracking.html").as_uri())
        first = driver.execute_script("return { frames: page.frames(), estimate: Array.from(page.filter.estimate) }")
        limit = time.monotonic() + 60
        while driver.execute_script("return page.frames()") < first["frames"] + 20 and time.monotonic() < limit:
            time.sleep(0.05)
        later = driver.execute_script("return { frames: page.frames(), estimate: Array.from(page.filter.estimate) }")
        assert later["frames"] >= first["frames"] + 20
        assert later["estimate"] != first["estimate"]
        # 300 more steps at once: the filter is far better than its measurements
        error = driver.execute_script("for (let at = 0; at < 300; at++) page.step(); return page.error")
        assert error["estimated"] < 0.5 * error["measured"]
        covariance = np.array(driver.execute_script("return Array.from(page.filter.covariance)")).reshape(4, 4)
        np.testing.assert_allclose(covariance, covariance.T, rtol=1e-9)
        assert np.linalg.eigvalsh(covariance).min() > 0


def test_sliders_set_members_and_the_filter_follows_the_pointer(pages):
    from selenium.webdriver.common.action_chains import ActionChains

    with browser() as driver:
        driver.get((pages[0] / "tracking.html").as_uri())
        driver.execute_script("const one = document.getElementById('noise'); one.value = 0.5; one.dispatchEvent(new Event('input'))")
        assert driver.execute_script("return page.filter.noise") == 0.5
        assert driver.find_element("id", "noise-shown").text == "0.5 m"
        field = driver.find_element("id", "field")
        ActionChains(driver, duration=10).move_to_element_with_offset(field, int(field.size["width"] / 4), 0).perform()
        driver.execute_script("for (let at = 0; at < 300; at++) page.step()")
        estimate = driver.execute_script("return Array.from(page.filter.estimate)")
        assert abs(estimate[0] - 8) < 1
        assert abs(estimate[1]) < 1


def test_the_script_says_what_it_wrote(pages, tmp_path, monkeypatch, capsys):
    build = build_script()
    monkeypatch.setattr(build, "PAGES", {"tracking.html": build.PAGES["tracking.html"]})
    monkeypatch.setattr(sys, "argv", ["build.py", "--out", str(tmp_path / "web")])
    build.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == [str(tmp_path / "web" / name) for name in ("kalman.d.ts", "kalman.js", "kalman.wasm", "tracking.html")]
    assert 'from "./kalman.js"' not in (tmp_path / "web" / "tracking.html").read_text()
    assert (WEB / "tracking.html").read_text().count('from "./kalman.js"') == 1
