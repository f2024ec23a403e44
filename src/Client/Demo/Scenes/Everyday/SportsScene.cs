using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Everyday;

/// <summary>A football match from the stand: mown stripes, lines, players of two teams, a ball.</summary>
internal sealed class SportsScene : IScene
{
    private readonly Vector3 _home;
    private readonly Vector3 _away;
    private readonly double _phase;
    private readonly int _crowd;

    public SportsScene(int seed)
    {
        var random = new Random(seed);
        (_home, _away) = random.Next(3) switch
        {
            0 => (Rgb(220, 40, 40), Rgb(240, 240, 240)),
            1 => (Rgb(40, 70, 210), Rgb(250, 210, 40)),
            _ => (Rgb(250, 130, 30), Rgb(30, 30, 60)),
        };
        _phase = random.Between(0, 6);
        _crowd = random.Next();
    }

    public void Render(Raster raster, double t)
    {
        var pan = 0.45f * Swing(t, 17, _phase);
        raster.Shade(new Pitch(pan, _crowd));
        var line = Rgb(240, 246, 240);
        raster.Capsule(-2f, -0.2f, 2f, -0.2f, 0.005f, line);
        raster.Capsule(-pan, -0.2f, -pan * 1.3f, 0.8f, 0.006f, line);
        for (var i = 0; i < 40; i++)
        {
            var a = i * 0.157f;
            var b = a + 0.157f;
            raster.Capsule((0.3f * MathF.Cos(a)) - (pan * 1.12f), 0.13f + (0.14f * MathF.Sin(a)), (0.3f * MathF.Cos(b)) - (pan * 1.12f), 0.13f + (0.14f * MathF.Sin(b)), 0.005f, line);
        }

        var ball = new Vector2((0.5f * Swing(t, 8, _phase + 2)) - pan, 0.12f + (0.16f * Swing(t, 7, _phase + 3)));
        for (var i = 0; i < 14; i++)
            DrawPlayer(raster, i, t, pan, ball);
        var hop = 0.03f * MathF.Abs(MathF.Sin((float)(2.5 * t)));
        raster.Ellipse(ball.X, ball.Y + 0.012f, 0.018f, 0.008f, Rgb(20, 60, 20), 0f, 0.5f);
        raster.Disc(ball.X, ball.Y - hop, 0.016f, Rgb(250, 250, 250));
        raster.Disc(ball.X + 0.003f, ball.Y - hop, 0.006f, Rgb(40, 40, 40));
    }

    private void DrawPlayer(Raster raster, int i, double t, float pan, Vector2 ball)
    {
        var home = new Vector2((((i * 0.377f) % 1f) - 0.5f) * 1.9f, -0.14f + (((i * 0.618f) % 1f) * 0.54f));
        var u = home.X + (0.1f * Swing(t, 6 + i, _phase + i)) + (0.12f * (ball.X - home.X + pan)) - (pan * (1f + (0.3f * home.Y)));
        var v = home.Y + (0.04f * Swing(t, 5 + i, _phase + (2 * i)));
        var size = 0.85f + (0.9f * (v + 0.2f));
        var step = 0.014f * size * MathF.Sin((float)(5 * t) + i);
        var shirt = i % 2 == 0 ? _home : _away;
        raster.Ellipse(u + 0.02f, v + 0.006f, 0.04f * size, 0.012f * size, Rgb(26, 70, 26), 0f, 0.5f);
        raster.Capsule(u, v - (0.05f * size), u - (0.012f * size) + step, v, 0.008f * size, Rgb(226, 180, 150));
        raster.Capsule(u, v - (0.05f * size), u + (0.012f * size) - step, v, 0.008f * size, Rgb(216, 170, 140));
        raster.Capsule(u, v - (0.055f * size), u, v - (0.1f * size), 0.02f * size, shirt);
        raster.Capsule(u - (0.02f * size), v - (0.1f * size), u - (0.034f * size) - step, v - (0.06f * size), 0.007f * size, shirt * 0.85f);
        raster.Capsule(u + (0.02f * size), v - (0.1f * size), u + (0.034f * size) + step, v - (0.06f * size), 0.007f * size, shirt * 0.85f);
        raster.Disc(u, v - (0.14f * size), 0.015f * size, Rgb(224, 180, 150));
        raster.Disc(u, v - (0.147f * size), 0.013f * size, Rgb(70, 46, 30));
    }

    private readonly struct Pitch(float pan, int crowd) : IShader
    {
        public Vector3 At(float u, float v)
        {
            if (v < -0.3f)
            {
                var cell = unchecked((((int)MathF.Floor((u + pan) * 60f) * 73856093) ^ ((int)MathF.Floor(v * 60f) * 19349663) ^ crowd) >> 4);
                return new Vector3(74f + (40f * (cell & 3)), 70f + (34f * ((cell >> 2) & 3)), 84f + (36f * ((cell >> 4) & 3)));
            }

            if (v < -0.24f)
                return Fraction((u + pan) * 1.4f) < 0.5f ? new Vector3(230f, 232f, 236f) : new Vector3(34f, 80f, 170f);
            var stripe = ((int)MathF.Floor((u + (pan * (1f + (0.3f * v)))) * 5f / (1f + (0.5f * v))) & 1) == 0 ? 1f : 0.86f;
            return new Vector3(76f, 158f, 62f) * (stripe * (0.95f + (0.25f * v)));
        }
    }
}
