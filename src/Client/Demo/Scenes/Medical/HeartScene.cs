using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A cartoon of a turning, beating heart with its great vessels and flowing blood cells.</summary>
internal sealed class HeartScene : IScene
{
    private readonly Vector3 _background;
    private readonly Vector3 _muscle;
    private readonly float _rate;
    private readonly double _phase;

    public HeartScene(int seed)
    {
        var random = new Random(seed);
        _background = random.Next(2) == 0 ? random.Near(Rgb(186, 214, 236), 16) : random.Near(Rgb(220, 212, 232), 12);
        _muscle = random.Near(Rgb(198, 58, 62), 14);
        _rate = random.Between(0.8f, 1.2f);
        _phase = random.Between(0, 6);
    }

    public void Render(Raster raster, double t)
    {
        raster.Shade(new Backdrop(_background));
        var beat = MathF.Pow(0.5f + (0.5f * MathF.Sin((float)(2 * Math.PI * _rate * t))), 3f);
        var turn = 0.62f * Swing(t, 13, _phase);
        var centre = new Vector2(0.16f * Swing(t, 17, _phase + 1), 0.03f);
        var body = new Model(raster, centre, MathF.Cos(turn), MathF.Sin(turn) * 0.35f, 1f - (0.07f * beat));
        raster.Ellipse(centre.X, 0.44f, 0.24f, 0.035f, _background * 0.72f, 0f, 0.8f, 0.05f);
        DrawVessels(body, t);
        DrawMuscle(body);
        DrawCells(raster, t);
    }

    private static void DrawVessels(Model body, double t)
    {
        var blue = Rgb(78, 104, 196);
        var red = Rgb(214, 62, 58);
        body.Line(-0.14f, -0.1f, -0.15f, -0.4f, 0.042f, blue);
        body.Line(-0.13f, 0.1f, -0.17f, 0.36f, 0.038f, blue);
        body.Line(0.0f, -0.08f, 0.06f, -0.24f, 0.046f, blue);
        body.Line(0.06f, -0.24f, 0.25f, -0.27f, 0.036f, blue);
        body.Line(0.06f, -0.24f, -0.2f, -0.23f, 0.034f, blue);
        ReadOnlySpan<float> arch = [-0.03f, -0.1f, -0.06f, -0.28f, -0.02f, -0.36f, 0.07f, -0.39f, 0.15f, -0.35f, 0.18f, -0.26f];
        for (var i = 2; i < arch.Length; i += 2)
            body.Line(arch[i - 2], arch[i - 1], arch[i], arch[i + 1], 0.05f, red);
        for (var i = 0; i < 3; i++)
            body.Line(0f + (0.065f * i), -0.38f, -0.03f + (0.08f * i), -0.48f, 0.018f, red);
        for (var i = 0; i < 5; i++)
        {
            var s = Fraction((float)(t * 0.35) + (i / 5f)) * 4.99f;
            var k = (int)s * 2;
            body.Dot(float.Lerp(arch[k], arch[k + 2], s - (int)s), float.Lerp(arch[k + 1], arch[k + 3], s - (int)s), 0.015f, Rgb(255, 190, 180));
        }
    }

    private void DrawMuscle(Model body)
    {
        body.Blob(-0.13f, -0.05f, 0.12f, 0.12f, 0f, _muscle * 0.8f);
        body.Blob(0.13f, -0.08f, 0.1f, 0.09f, 0f, _muscle * 0.86f);
        body.Blob(0.01f, 0.1f, 0.215f, 0.25f, -0.45f, _muscle * 0.78f);
        body.Blob(0.005f, 0.09f, 0.2f, 0.235f, -0.45f, _muscle);
        body.Blob(0.07f, 0.12f, 0.12f, 0.17f, -0.5f, _muscle * 1.12f);
        body.Blob(-0.07f, 0.0f, 0.06f, 0.1f, -0.3f, _muscle * 1.14f);
        var fat = Rgb(246, 206, 116);
        body.Line(-0.17f, 0.03f, -0.02f, -0.03f, 0.018f, fat);
        body.Line(-0.02f, -0.03f, 0.16f, 0.0f, 0.016f, fat);
        var artery = Rgb(150, 22, 30);
        body.Line(0.01f, -0.02f, 0.05f, 0.12f, 0.009f, artery);
        body.Line(0.05f, 0.12f, 0.11f, 0.27f, 0.007f, artery);
        body.Line(0.04f, 0.07f, 0.13f, 0.14f, 0.006f, artery);
        body.Line(0.07f, 0.17f, 0.0f, 0.25f, 0.005f, artery);
        body.Line(-0.02f, 0.03f, -0.11f, 0.13f, 0.006f, Rgb(70, 84, 170));
        body.Blob(-0.1f, -0.08f, 0.022f, 0.03f, 0.4f, Rgb(250, 186, 180));
        body.Blob(-0.01f, 0.04f, 0.02f, 0.05f, 0.5f, Rgb(246, 160, 154));
    }

    private void DrawCells(Raster raster, double t)
    {
        var edge = raster.HalfWidth + 0.1f;
        for (var i = 0; i < 9; i++)
        {
            var u = (Fraction((float)((0.045 + (0.004 * i)) * t) + (i * 0.37f)) * 2f * edge) - edge;
            var v = (i % 2 == 0 ? -0.36f : 0.34f) + (0.05f * MathF.Sin((float)t + (1.7f * i)));
            raster.Ellipse(u, v, 0.036f, 0.026f, Rgb(206, 70, 74), 0.4f * MathF.Sin((float)(0.5 * t) + i), 0.9f);
            raster.Ellipse(u, v, 0.017f, 0.011f, Rgb(166, 44, 52), 0.4f * MathF.Sin((float)(0.5 * t) + i), 0.9f);
        }
    }

    /// <summary>The turned heart: width shrinks with the angle, depth slides things sideways.</summary>
    private readonly struct Model(Raster raster, Vector2 centre, float width, float slide, float size)
    {
        private float U(float u, float v) => centre.X + (size * ((u * width) + (slide * v)));

        private float V(float v) => centre.Y + (size * v);

        public void Line(float u0, float v0, float u1, float v1, float radius, Vector3 colour)
        {
            raster.Capsule(U(u0, v0), V(v0), U(u1, v1), V(v1), radius, colour * 0.72f);
            raster.Capsule(U(u0, v0) - (0.15f * radius), V(v0), U(u1, v1) - (0.15f * radius), V(v1), radius * 0.74f, colour);
        }

        public void Blob(float u, float v, float ru, float rv, float angle, Vector3 colour) =>
            raster.Ellipse(U(u, v), V(v), ru * size * MathF.Max(0.6f, width), rv * size, colour, angle, 1f, 0.014f);

        public void Dot(float u, float v, float radius, Vector3 colour) => raster.Disc(U(u, v), V(v), radius, colour);
    }

    private readonly struct Backdrop(Vector3 colour) : IShader
    {
        public Vector3 At(float u, float v) => colour * (1.14f - (0.55f * ((u * u) + (v * v))));
    }
}
