using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A four-chamber view of a beating heart: speckle in a fan, a colour-flow patch, an ECG strip, a grey bar.</summary>
internal sealed class UltrasoundScene : IScene
{
    private readonly NoiseField _speckle;
    private readonly NoiseField _tissue;
    private readonly float _rate;
    private readonly bool _colourFlow;
    private readonly double _phase;
    private readonly Vector3 _tint;

    public UltrasoundScene(int seed)
    {
        var random = new Random(seed);
        _speckle = new NoiseField(seed, 64, 3);
        _tissue = new NoiseField(seed + 1, 8, 3);
        _rate = random.Between(0.9f, 1.3f);
        _colourFlow = random.Next(2) == 0;
        _phase = random.Between(0, 6);
        _tint = random.Next(2) == 0 ? Rgb(236, 240, 255) : Rgb(255, 240, 214);
    }

    public void Render(Raster raster, double t)
    {
        var beat = (float)Math.Pow(0.5 + (0.5 * Math.Sin(2 * Math.PI * _rate * t)), 2);
        var tilt = 0.3f * Swing(t, 15, _phase);
        var shift = 0.14f * Swing(t, 12, _phase + 2);
        raster.Shade(new Fan(this, beat, tilt, shift, (float)t));
        var edge = raster.HalfWidth;
        for (var i = 0; i <= 20; i++)
            raster.Box(edge - 0.16f, -0.34f + (0.026f * i), edge - 0.125f, -0.31f + (0.026f * i), Rgb(245, 245, 245) * (1f - (i / 21f)));
        for (var i = 0; i < 9; i++)
            raster.Box(0.12f - edge, -0.36f + (0.09f * i), 0.12f - edge + (i % 4 == 0 ? 0.035f : 0.018f), -0.354f + (0.09f * i), Rgb(176, 186, 196));
        DrawStrip(raster, t, edge);
    }

    private void DrawStrip(Raster raster, double t, float edge)
    {
        Span<Vector2> points = stackalloc Vector2[64];
        for (var i = 0; i < points.Length; i++)
        {
            var x = i / 63f;
            points[i] = new Vector2((x - 0.5f) * 1.5f * edge, 0.42f - (0.05f * EcgMonitorScene.Complex((float)(_rate * (t - (2.5 * (1 - x)))))));
        }

        raster.Path(points, 0.004f, Rgb(92, 230, 130));
    }

    private readonly struct Fan(UltrasoundScene scene, float beat, float tilt, float shift, float t) : IShader
    {
        private readonly float _cos = MathF.Cos(tilt);
        private readonly float _sin = MathF.Sin(tilt);

        public Vector3 At(float u, float v)
        {
            var x = u - (0.3f * shift);
            var y = v + 0.5f;
            var depth = MathF.Sqrt((x * x) + (y * y));
            var angle = Turns(x, y);
            if (MathF.Abs(angle) > 0.118f || depth < 0.07f || depth > 0.88f)
                return new Vector3(76f, 82f, 92f) + (new Vector3(16f, 17f, 19f) * v);
            var a = (u - shift) * _cos + ((v - 0.02f) * _sin);
            var b = ((v - 0.02f) * _cos) - ((u - shift) * _sin);
            var warp = 0.05f * (scene._tissue.At(u, v) - 0.5f);
            var size = 1f - (0.2f * beat);
            var chamber = MathF.Min(
                MathF.Min(Ellipse(a + 0.085f, b + 0.08f, 0.066f * size, 0.15f * size, 0.97f, 0.2f), Ellipse(a - 0.085f, b + 0.07f, 0.056f * size, 0.13f * size, 0.97f, -0.2f)),
                MathF.Min(Ellipse(a + 0.085f, b - 0.16f, 0.075f, 0.06f + (0.012f * beat)), Ellipse(a - 0.085f, b - 0.16f, 0.07f, 0.058f + (0.012f * beat)))) + warp;
            var muscle = Ellipse(a, b, 0.225f * (1f - (0.06f * beat)), 0.3f * (1f - (0.05f * beat))) + warp;
            var level = muscle < 0f ? 0.52f : 0.26f + (0.2f * scene._tissue.At((1.5f * angle) + 0.2f, depth));
            level += 0.38f * (1f - Smooth(0f, 0.022f, MathF.Abs(muscle)));
            level += 0.3f * (1f - Smooth(0f, 0.016f, MathF.Abs(chamber)));
            level = chamber < -0.004f ? 0.07f : level;
            var drift = 0.012f * t;
            var speckle = scene._speckle.At((2.2f * angle) + drift, 0.9f * depth) * scene._speckle.At((1.7f * angle) + 0.4f, (1.1f * depth) - drift);
            var grey = 255f * level * (0.3f + (2.4f * speckle)) * (1.08f - (0.45f * depth));
            var colour = scene._tint * (grey / 255f);
            if (scene._colourFlow && chamber < -0.006f && MathF.Abs(b) < 0.17f)
            {
                var flow = scene._tissue.At((2f * a) + 0.3f, (2f * b) - (0.8f * t)) * (0.25f + (0.75f * beat));
                colour += (a < 0f ? new Vector3(250f, 60f, 20f) : new Vector3(30f, 90f, 255f)) * (flow * Smooth(0f, 0.05f, -chamber));
            }

            return colour + new Vector3(8f, 8f, 10f);
        }
    }
}
