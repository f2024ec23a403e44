using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A workstation that scrolls through the slices of a chest CT.</summary>
internal sealed class RadiologyScene : IScene
{
    private readonly NoiseField _noise;
    private readonly double _phase;
    private readonly float _speed;
    private readonly float _girth;
    private readonly float _turn;
    private readonly Vector3 _accent;

    public RadiologyScene(int seed)
    {
        var random = new Random(seed);
        _noise = new NoiseField(seed, 8, 4);
        _phase = random.Between(0, 6);
        _speed = random.Between(0.35f, 0.5f);
        _girth = random.Between(0.92f, 1.05f);
        _turn = random.Between(-0.14f, 0.14f);
        _accent = random.Next(2) == 0 ? Rgb(240, 170, 60) : Rgb(80, 180, 240);
    }

    public void Render(Raster raster, double t)
    {
        var level = (float)((t * _speed) + _phase);
        raster.Shade(new Slice(this, level, _turn + (0.18f * Swing(t, 14, _phase)), 1f + (0.1f * Swing(t, 17, _phase + 1))));
        DrawViewer(raster, t);
    }

    private void DrawViewer(Raster raster, double t)
    {
        var edge = raster.HalfWidth + 0.12f;
        var panel = Rgb(96, 104, 116);
        raster.Box(-edge, -0.62f, edge, -0.36f, panel);
        raster.Box(-edge, 0.4f, edge, 0.62f, panel);
        raster.Box(-edge, -0.62f, 0.24f - edge, 0.62f, panel);
        raster.Box(edge - 0.2f, -0.62f, edge, 0.62f, panel);
        for (var i = 0; i < 7; i++)
            raster.Box(-0.42f + (0.11f * i), -0.415f, -0.36f + (0.11f * i), -0.375f, i == 2 ? _accent : Rgb(150, 158, 170), 0.008f);
        for (var i = 0; i < 4; i++)
        {
            var v = -0.3f + (0.17f * i);
            raster.Box(0.105f - edge, v, 0.225f - edge, v + 0.13f, Rgb(30, 32, 36), 0.006f);
            raster.Ellipse(0.165f - edge, v + 0.065f, 0.048f, 0.036f + (0.004f * i), Rgb(150, 152, 156));
            raster.Ellipse(0.146f - edge, v + 0.06f, 0.014f, 0.02f, Rgb(44, 46, 50));
            raster.Ellipse(0.184f - edge, v + 0.06f, 0.014f, 0.02f, Rgb(44, 46, 50));
        }

        var at = -0.27f + (0.55f * (0.5f + (0.5f * MathF.Sin((float)(t * _speed * 0.35) + (float)_phase))));
        raster.Box(edge - 0.178f, -0.32f, edge - 0.158f, 0.36f, Rgb(50, 54, 60), 0.01f);
        raster.Box(edge - 0.186f, at, edge - 0.15f, at + 0.07f, _accent, 0.012f);
    }

    private readonly struct Slice(RadiologyScene scene, float level, float turn, float zoom) : IShader
    {
        private readonly float _cos = MathF.Cos(turn) / zoom;
        private readonly float _sin = MathF.Sin(turn) / zoom;
        private readonly float _lung = 0.8f + (0.25f * MathF.Sin(0.7f * level));
        private readonly float _heart = 0.5f + (0.5f * MathF.Sin((0.7f * level) - 0.9f));
        private readonly float _width = scene._girth * (0.43f + (0.035f * MathF.Sin(0.5f * level)));
        private readonly float _height = 0.29f + (0.02f * MathF.Sin((0.6f * level) + 1f));

        public Vector3 At(float u, float v)
        {
            var x = (u * _cos) + (v * _sin);
            var y = (v * _cos) - (u * _sin) - 0.01f;
            var body = Ellipse(x, y, _width, _height);
            var grain = scene._noise.At(u * 1.7f, (v * 1.7f) + (0.11f * level));
            if (body > 0f)
            {
                var table = Smooth(0.006f, 0f, MathF.Abs(y - 0.31f - (0.3f * x * x)) - 0.004f);
                return new Vector3(62f, 65f, 70f) + (new Vector3(90f, 92f, 96f) * table * (MathF.Abs(x) < 0.4f ? 1f : 0f));
            }

            var grey = body > -0.03f ? 92f + (24f * grain) : 134f + (40f * (grain - 0.5f));
            grey = body > -0.007f ? 168f : grey;
            var around = Turns(y, x);
            var rib = MathF.Abs(Fraction((around * 13f) + (0.35f * level)) - 0.5f);
            if (MathF.Abs(body + 0.05f) < 0.014f && rib < 0.27f)
                grey = 232f - (30f * grain);
            var left = Ellipse(x + 0.175f, y + 0.01f, 0.125f * _lung, 0.185f * _lung, 0.98f, 0.17f);
            var right = Ellipse(x - 0.175f, y + 0.01f, 0.12f * _lung, 0.18f * _lung, 0.98f, -0.17f);
            var heart = Ellipse(x - 0.05f, y + 0.035f, 0.11f + (0.045f * _heart), 0.09f + (0.035f * _heart), 0.9f, 0.43f);
            var lung = MathF.Min(left, right) + (0.03f * (grain - 0.5f));
            if (lung < 0f && heart > 0.006f)
            {
                var vessels = Smooth(0.68f, 0.84f, scene._noise.At((x * 3.1f) + (0.02f * level), (y * 3.1f) + (0.05f * level)));
                return new Vector3(24f + (26f * grain) + (150f * vessels));
            }

            if (heart < 0f)
                grey = 158f + (36f * (grain - 0.5f)) + (34f * Smooth(0f, -0.05f, Ellipse(x - 0.03f, y + 0.04f, 0.06f, 0.05f)));
            var aorta = Ellipse(x - 0.035f, y - 0.12f, 0.032f, 0.032f);
            if (aorta < 0f)
                grey = 206f;
            var spine = Ellipse(x, y - 0.19f, 0.06f, 0.045f);
            var canal = Ellipse(x, y - 0.25f, 0.02f, 0.018f);
            var process = Ellipse(x, y - 0.255f, 0.075f, 0.022f);
            if (MathF.Min(spine, process) < 0f)
                grey = 226f - (46f * grain);
            if (canal < 0f)
                grey = 110f;
            return new Vector3(grey, grey, grey * 1.02f);
        }
    }
}
