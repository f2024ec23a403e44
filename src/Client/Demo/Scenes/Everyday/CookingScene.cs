using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Everyday;

/// <summary>A pan from above on a wooden table, vegetables that slide in it, a spoon.</summary>
internal sealed class CookingScene : IScene
{
    private readonly NoiseField _wood;
    private readonly Piece[] _pieces;
    private readonly Vector3 _table;
    private readonly double _phase;

    public CookingScene(int seed)
    {
        var random = new Random(seed);
        _wood = new NoiseField(seed, 4, 5);
        _table = random.Next(2) == 0 ? Rgb(198, 148, 92) : Rgb(150, 104, 66);
        _phase = random.Between(0, 6);
        _pieces = new Piece[44];
        for (var i = 0; i < _pieces.Length; i++)
            _pieces[i] = new Piece(random.Next(5), 0.3f * MathF.Sqrt(random.NextSingle()), random.Between(0, 6.283f), random.Between(0.8f, 1.2f));
    }

    public void Render(Raster raster, double t)
    {
        raster.Shade(new Table(_wood, _table));
        var u = 0.14f * Swing(t, 14, _phase);
        var v = 0.05f * Swing(t, 11, _phase + 1);
        raster.Capsule(u + 0.3f, v - 0.2f, u + 0.85f, v - 0.55f, 0.036f, Rgb(44, 40, 40));
        raster.Disc(u + 0.02f, v + 0.02f, 0.41f, Rgb(60, 42, 30), 0.5f, 0.06f);
        raster.Disc(u, v, 0.4f, Rgb(96, 98, 102));
        raster.Disc(u, v, 0.375f, Rgb(58, 58, 62));
        raster.Disc(u - 0.06f, v - 0.08f, 0.3f, Rgb(78, 78, 82), 0.8f, 0.2f);
        foreach (var piece in _pieces)
        {
            var angle = piece.Angle + (float)(0.09 * t) + (0.25f * MathF.Sin((float)(0.8 * t) + (9f * piece.Radius)));
            DrawPiece(raster, piece, u + (piece.Radius * MathF.Cos(angle)), v + (piece.Radius * MathF.Sin(angle)), angle);
        }

        DrawSpoon(raster, u, v, (float)(0.5 * t));
        for (var i = 0; i < 4; i++)
        {
            var rise = Fraction((float)(0.12 * t) + (i * 0.25f));
            raster.Disc(u + (0.12f * (i - 1.5f)), v + 0.15f - (0.5f * rise), 0.12f + (0.1f * rise), Rgb(236, 236, 236), 0.16f * (1f - rise), 0.16f);
        }
    }

    private static void DrawPiece(Raster raster, Piece piece, float u, float v, float angle)
    {
        var s = piece.Size;
        switch (piece.Kind)
        {
            case 0:
                raster.Disc(u, v, 0.04f * s, Rgb(226, 104, 20));
                raster.Disc(u, v, 0.03f * s, Rgb(250, 146, 44));
                break;
            case 1:
                raster.Disc(u, v, 0.02f * s, Rgb(84, 170, 50));
                raster.Disc(u - 0.005f, v - 0.005f, 0.008f * s, Rgb(160, 222, 110));
                break;
            case 2:
                raster.Ellipse(u, v, 0.055f * s, 0.042f * s, Rgb(206, 36, 28), angle);
                raster.Ellipse(u - 0.01f, v - 0.01f, 0.018f * s, 0.012f * s, Rgb(250, 140, 120), angle);
                break;
            case 3:
                raster.Capsule(u - (0.04f * MathF.Cos(angle)), v - (0.04f * MathF.Sin(angle)), u + (0.04f * MathF.Cos(angle)), v + (0.04f * MathF.Sin(angle)), 0.014f * s, Rgb(246, 214, 60));
                break;
            default:
                raster.Disc(u, v, 0.036f * s, Rgb(44, 120, 44));
                raster.Disc(u - 0.018f, v - 0.014f, 0.022f * s, Rgb(70, 152, 60));
                raster.Disc(u + 0.018f, v - 0.01f, 0.02f * s, Rgb(60, 140, 54));
                break;
        }
    }

    private static void DrawSpoon(Raster raster, float u, float v, float t)
    {
        var tip = new Vector2(u + (0.17f * MathF.Cos(t)), v + 0.02f + (0.13f * MathF.Sin(t)));
        raster.Capsule(tip.X, tip.Y, tip.X - 0.5f, tip.Y + 0.5f, 0.022f, Rgb(150, 98, 50));
        raster.Capsule(tip.X, tip.Y - 0.004f, tip.X - 0.5f, tip.Y + 0.494f, 0.014f, Rgb(214, 162, 100));
        raster.Ellipse(tip.X, tip.Y, 0.075f, 0.05f, Rgb(196, 142, 84), -0.78f);
        raster.Ellipse(tip.X, tip.Y, 0.055f, 0.034f, Rgb(168, 116, 64), -0.78f);
    }

    private readonly record struct Piece(int Kind, float Radius, float Angle, float Size);

    private readonly struct Table(NoiseField wood, Vector3 colour) : IShader
    {
        public Vector3 At(float u, float v)
        {
            var plank = MathF.Floor((v + 2f) * 5f);
            var gap = Fraction((v + 2f) * 5f) < 0.035f ? 0.55f : 1f;
            var grain = wood.At((0.4f * u) + (0.37f * plank), (5f * v) + (0.2f * plank));
            return colour * (gap * (0.74f + (0.42f * grain) + (0.04f * (plank % 3))));
        }
    }
}
