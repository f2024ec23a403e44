using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Everyday;

/// <summary>A street at night: lit windows, lamps, head and tail lights that pass.</summary>
internal sealed class CityScene : IScene
{
    private readonly float[] _heights = new float[24];
    private readonly int _windows;
    private readonly float _offset;
    private readonly Vector3 _sky;

    public CityScene(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < _heights.Length; i++)
            _heights[i] = random.Between(-0.38f, -0.02f);
        _windows = random.Next();
        _offset = random.Between(0, 24);
        _sky = random.Next(2) == 0 ? Rgb(38, 44, 92) : Rgb(66, 44, 84);
    }

    public void Render(Raster raster, double t)
    {
        var pan = _offset + (float)(0.14 * t);
        raster.Shade(new Street(this, pan));
        var edge = raster.HalfWidth + 0.2f;
        for (var i = 0; i < 6; i++)
        {
            var u = (Fraction((i / 6f) - (pan * 0.11f)) * 2f * edge) - edge;
            raster.Capsule(u, -0.1f, u, 0.24f, 0.007f, Rgb(60, 62, 74));
            raster.Disc(u, -0.12f, 0.1f, Rgb(255, 210, 130), 0.45f, 0.16f);
            raster.Disc(u, -0.12f, 0.022f, Rgb(255, 240, 200));
        }

        for (var i = 0; i < 12; i++)
            DrawCar(raster, i, t, edge);
    }

    private void DrawCar(Raster raster, int i, double t, float edge)
    {
        var oncoming = i % 2 == 0;
        var speed = 0.1 + (0.015 * (i % 5));
        var along = Fraction((float)((oncoming ? speed : -speed) * t * 0.5) + (i * 0.283f) + _offset);
        var u = (along * 2f * edge) - edge;
        var v = oncoming ? 0.31f : 0.4f;
        var body = (i % 3) switch { 0 => Rgb(54, 60, 84), 1 => Rgb(96, 40, 44), _ => Rgb(80, 84, 90) };
        raster.Box(u - 0.075f, v - 0.035f, u + 0.075f, v + 0.02f, body, 0.014f);
        raster.Box(u - 0.04f, v - 0.07f, u + 0.04f, v - 0.02f, body * 0.8f, 0.02f);
        raster.Disc(u - 0.045f, v + 0.02f, 0.018f, Rgb(20, 20, 24));
        raster.Disc(u + 0.045f, v + 0.02f, 0.018f, Rgb(20, 20, 24));
        var front = oncoming ? 1f : -1f;
        raster.Disc(u + (0.08f * front), v - 0.01f, 0.02f, Rgb(255, 246, 210), 0.9f, 0.06f);
        raster.Disc(u - (0.078f * front), v - 0.01f, 0.014f, Rgb(255, 50, 40), 0.9f, 0.035f);
    }

    private readonly struct Street(CityScene scene, float pan) : IShader
    {
        public Vector3 At(float u, float v)
        {
            if (v > 0.22f)
            {
                var wet = 0.5f + (0.5f * MathF.Sin((u * 17f) + (pan * 4f)));
                var dash = MathF.Abs(v - 0.355f) < 0.006f && Fraction((u * 3f) + (pan * 3f)) < 0.5f ? 130f : 0f;
                return new Vector3(52f + dash + (34f * wet), 50f + dash + (26f * wet), 58f + dash + (12f * wet));
            }

            var x = (u * 6.5f) + pan + 64f;
            var index = (int)x;
            var top = scene._heights[index % scene._heights.Length];
            if (v < top)
                return scene._sky * (1.3f + (1.5f * (v + 0.5f)));
            var inside = x - index;
            var wall = new Vector3(30f, 32f, 46f) + (new Vector3(11f, 8f, 10f) * (index % 3));
            if (inside < 0.06f || inside > 0.94f)
                return wall * 0.7f;
            var column = (int)(inside * 6f);
            var row = (int)((v + 1f) * 22f);
            var lit = unchecked((((index * 73856093) ^ (column * 19349663) ^ (row * 83492791) ^ scene._windows) >> 3) & 7);
            var frame = Fraction(inside * 6f) is > 0.2f and < 0.8f && Fraction((v + 1f) * 22f) is > 0.2f and < 0.72f;
            if (!frame || v > 0.17f)
                return wall;
            return lit switch { < 3 => new Vector3(250f, 206f, 118f), 3 => new Vector3(190f, 214f, 240f), _ => wall * 1.35f };
        }
    }
}
