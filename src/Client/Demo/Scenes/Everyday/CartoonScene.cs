using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Everyday;

/// <summary>A flat children's cartoon: sun, hills, a hopping ball with a face, balloons.</summary>
internal sealed class CartoonScene : IScene
{
    private readonly Vector3 _sky;
    private readonly Vector3 _hero;
    private readonly Vector3 _hill;
    private readonly double _phase;

    public CartoonScene(int seed)
    {
        var random = new Random(seed);
        _sky = random.Next(3) switch { 0 => Rgb(120, 214, 250), 1 => Rgb(252, 206, 224), _ => Rgb(254, 226, 140) };
        _hero = random.Next(3) switch { 0 => Rgb(250, 220, 40), 1 => Rgb(120, 80, 220), _ => Rgb(250, 120, 60) };
        _hill = random.Next(2) == 0 ? Rgb(96, 200, 90) : Rgb(60, 180, 150);
        _phase = random.Between(0, 6);
    }

    public void Render(Raster raster, double t)
    {
        raster.Shade(new Backdrop(_sky, _hill, (float)((0.1 * t) + _phase)));
        var sun = new Vector2(0.5f * Swing(t, 24, _phase), -0.28f);
        for (var i = 0; i < 10; i++)
        {
            var a = (0.628f * i) + (float)(0.2 * t);
            raster.Capsule(sun.X, sun.Y, sun.X + (0.17f * MathF.Cos(a)), sun.Y + (0.17f * MathF.Sin(a)), 0.012f, Rgb(255, 170, 40));
        }

        raster.Disc(sun.X, sun.Y, 0.1f, Rgb(255, 214, 60));
        for (var i = 0; i < 3; i++)
        {
            var u = (0.45f * i) - 0.45f + (0.06f * Swing(t, 8 + i, _phase + i));
            var v = -0.1f + (0.07f * Swing(t, 9 + (2 * i), _phase + (2 * i)));
            raster.Capsule(u, v, u + 0.01f, v + 0.24f, 0.003f, Rgb(70, 70, 80));
            raster.Ellipse(u, v, 0.062f, 0.078f, i switch { 0 => Rgb(240, 60, 80), 1 => Rgb(50, 120, 240), _ => Rgb(240, 140, 220) });
            raster.Ellipse(u - 0.02f, v - 0.03f, 0.014f, 0.02f, Rgb(255, 255, 255), 0.4f, 0.7f);
        }

        DrawHero(raster, t);
    }

    private void DrawHero(Raster raster, double t)
    {
        var hop = MathF.Abs(MathF.Sin((float)(1.8 * t)));
        var u = 0.3f * Swing(t, 11, _phase + 2);
        var v = 0.26f - (0.16f * hop);
        var squash = 1f - (0.2f * MathF.Exp(-8f * hop));
        raster.Ellipse(u, 0.4f, 0.13f - (0.04f * hop), 0.02f, _hill * 0.6f, 0f, 0.7f);
        raster.Ellipse(u, v, 0.136f / squash, 0.136f * squash, Rgb(50, 40, 60));
        raster.Ellipse(u, v, 0.126f / squash, 0.126f * squash, _hero);
        for (var eye = -1; eye <= 1; eye += 2)
        {
            raster.Ellipse(u + (0.045f * eye), v - 0.03f, 0.028f, 0.036f, Rgb(255, 255, 255));
            raster.Disc(u + (0.045f * eye) + (0.01f * Swing(t, 5, _phase)), v - 0.025f, 0.014f, Rgb(30, 30, 40));
            raster.Ellipse(u + (0.075f * eye), v + 0.03f, 0.022f, 0.014f, Rgb(250, 130, 130), 0f, 0.7f);
        }

        raster.Ellipse(u, v + 0.055f, 0.036f, 0.012f + (0.02f * hop), Rgb(130, 30, 50));
    }

    private readonly struct Backdrop(Vector3 sky, Vector3 hill, float pan) : IShader
    {
        public Vector3 At(float u, float v)
        {
            if (v > 0.26f + (0.07f * MathF.Sin((3f * u) + (2f * pan))))
                return hill;
            if (v > 0.1f + (0.12f * MathF.Sin((2.1f * u) + pan + 1f)))
                return Vector3.Lerp(hill, sky, 0.45f);
            return sky * (1f + (0.12f * v));
        }
    }
}
