using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A cartoon of breathing lungs: two lobes, the bronchial tree, air that streams in and out.</summary>
internal sealed class LungsScene : IScene
{
    private readonly Vector3 _background;
    private readonly Vector3 _lobe;
    private readonly float _rate;
    private readonly double _phase;

    public LungsScene(int seed)
    {
        var random = new Random(seed);
        _background = random.Next(2) == 0 ? random.Near(Rgb(206, 226, 214), 14) : random.Near(Rgb(232, 220, 206), 12);
        _lobe = random.Near(Rgb(226, 126, 132), 14);
        _rate = random.Between(0.2f, 0.28f);
        _phase = random.Between(0, 6);
    }

    public void Render(Raster raster, double t)
    {
        raster.Shade(new Backdrop(_background));
        var breath = 0.5f + (0.5f * MathF.Sin((float)((2 * Math.PI * _rate * t) + _phase)));
        var centre = 0.14f * Swing(t, 16, _phase + 1);
        var size = 0.94f + (0.09f * breath);
        raster.Ellipse(centre, 0.05f, 0.46f, 0.56f, Vector3.Lerp(_background, Rgb(238, 196, 170), 0.75f), 0f, 1f, 0.02f);
        raster.Box(centre - 0.11f, -0.6f, centre + 0.11f, -0.36f, Vector3.Lerp(_background, Rgb(238, 196, 170), 0.75f));
        for (var side = -1; side <= 1; side += 2)
            DrawLung(raster, centre, side, size);
        raster.Capsule(centre, -0.52f, centre, -0.2f, 0.036f, Rgb(150, 120, 100));
        raster.Capsule(centre - 0.006f, -0.52f, centre - 0.006f, -0.2f, 0.026f, Rgb(240, 226, 206));
        for (var i = 0; i < 7; i++)
            raster.Capsule(centre - 0.024f, -0.47f + (0.04f * i), centre + 0.024f, -0.47f + (0.04f * i), 0.004f, Rgb(190, 160, 134));
        for (var side = -1; side <= 1; side += 2)
            Branch(raster, new Vector2(centre, -0.2f), side, (side * 0.9f) + (MathF.PI / 2f) - (side * 1.75f * 0.5f) - (side * 0.6f), 0.15f * size, 0.02f, 4);
        raster.Ellipse(centre, 0.36f - (0.03f * breath) + 0.16f, 0.42f, 0.16f, Rgb(176, 86, 78), 0f, 1f, 0.015f);
        DrawAir(raster, centre, breath, t);
    }

    private void DrawLung(Raster raster, float centre, int side, float size)
    {
        var u = centre + (side * 0.2f * size);
        raster.Ellipse(u, 0.05f, 0.165f * size, 0.31f * size, _lobe * 0.74f, -0.12f * side, 1f, 0.012f);
        raster.Ellipse(u - (0.005f * side), 0.045f, 0.15f * size, 0.295f * size, _lobe, -0.12f * side, 1f, 0.014f);
        raster.Ellipse(u + (0.02f * side), -0.04f, 0.085f * size, 0.17f * size, _lobe * 1.1f, -0.12f * side, 0.8f, 0.06f);
        raster.Capsule(u - (0.13f * side * size), 0.06f, u + (0.13f * side * size), 0.15f, 0.004f, _lobe * 0.66f);
        if (side < 0)
            raster.Capsule(u - (0.02f * size), -0.03f, u + (0.12f * size), 0.02f, 0.004f, _lobe * 0.66f);
        else
            raster.Ellipse(centre + 0.05f, 0.14f, 0.07f, 0.1f, Rgb(178, 52, 58), -0.5f, 1f, 0.012f);
    }

    private static void Branch(Raster raster, Vector2 from, int side, float angle, float length, float radius, int depth)
    {
        var to = from + (length * new Vector2(MathF.Cos(angle), MathF.Sin(angle)));
        if (depth > 1)
        {
            Branch(raster, to, side, angle + 0.5f, length * 0.72f, radius * 0.66f, depth - 1);
            Branch(raster, to, side, angle - 0.42f, length * 0.76f, radius * 0.66f, depth - 1);
        }

        raster.Capsule(from.X, from.Y, to.X, to.Y, radius, Rgb(244, 230, 210));
    }

    private static void DrawAir(Raster raster, float centre, float breath, double t)
    {
        for (var i = 0; i < 8; i++)
        {
            var along = Fraction((float)(0.22 * t) + (i / 8f));
            raster.Disc(centre + (0.012f * MathF.Sin((3f * i) + (float)t)), -0.5f + (0.3f * along), 0.009f, Rgb(90, 170, 230), 0.35f + (0.6f * breath));
        }
    }

    private readonly struct Backdrop(Vector3 colour) : IShader
    {
        public Vector3 At(float u, float v) => colour * (1.1f - (0.5f * ((u * u) + (v * v))));
    }
}
