using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A colonoscope's view: a lit tunnel of mucosa with folds and vessels, at times a forceps.</summary>
internal sealed class EndoscopyScene : IScene
{
    private readonly NoiseField _coarse;
    private readonly NoiseField _fine;
    private readonly Vector3 _mucosa;
    private readonly float _speed;
    private readonly float _foldDepth;
    private readonly bool _forceps;
    private readonly double _phase;

    public EndoscopyScene(int seed)
    {
        var random = new Random(seed);
        _coarse = new NoiseField(seed, 4, 4);
        _fine = new NoiseField(seed + 1, 16, 4);
        _mucosa = random.Near(Rgb(228, 124, 106), 14);
        _speed = random.Between(0.16f, 0.26f);
        _foldDepth = random.Between(0.32f, 0.5f);
        _forceps = random.Next(2) == 0;
        _phase = random.Between(0, 6);
    }

    public void Render(Raster raster, double t)
    {
        var centreU = 0.2f * Swing(t, 13, _phase);
        var centreV = 0.13f * Swing(t, 11, _phase + 1);
        raster.Shade(new Wall(this, centreU, centreV, (float)(_speed * t) + (0.05f * Swing(t, 5, _phase))));
        if (_forceps)
            DrawForceps(raster, t, centreU, centreV);
    }

    private void DrawForceps(Raster raster, double t, float centreU, float centreV)
    {
        var reach = 0.55f + (0.25f * Swing(t, 9, _phase + 3));
        var tip = Vector2.Lerp(new Vector2(0.62f, 0.5f), new Vector2(centreU, centreV), reach);
        raster.Capsule(0.75f, 0.62f, tip.X, tip.Y, 0.034f, Rgb(70, 76, 84));
        raster.Capsule(0.75f, 0.61f, tip.X, tip.Y - 0.008f, 0.02f, Rgb(178, 186, 196));
        raster.Capsule(tip.X, tip.Y, tip.X - 0.055f, tip.Y - 0.012f, 0.012f, Rgb(222, 226, 232));
        raster.Capsule(tip.X, tip.Y, tip.X - 0.03f, tip.Y - 0.05f, 0.012f, Rgb(204, 210, 218));
    }

    private readonly struct Wall(EndoscopyScene scene, float centreU, float centreV, float travel) : IShader
    {
        public Vector3 At(float u, float v)
        {
            var x = u - centreU;
            var y = v - centreV;
            var radius = MathF.Sqrt((x * x) + (y * y)) + 0.002f;
            var angle = Turns(y, x);
            var depth = 0.24f / radius;
            var wave = scene._coarse.At(angle, (0.13f * depth) + (0.2f * travel));
            var ring = (0.75f * MathF.Sqrt(depth) * 1.6f) + travel + (0.8f * wave);
            var inFold = Fraction(ring);
            var fold = 1f - (scene._foldDepth * (1f - Smooth(0f, 0.55f, inFold))) - (scene._foldDepth * Smooth(0.9f, 1f, inFold));
            var texture = scene._fine.At(2f * angle, (0.3f * depth) + (0.6f * travel));
            var vessel = 1f - Smooth(0.012f, 0.05f, MathF.Abs(scene._coarse.At((3f * angle) + 0.3f, (0.5f * depth) + (0.9f * travel)) - 0.5f));
            var light = Math.Clamp(1.36f - (0.3f * depth), 0.04f, 1.12f);
            var colour = scene._mucosa * (light * fold * (0.8f + (0.34f * texture)));
            colour -= new Vector3(14f, 46f, 38f) * (vessel * light * 0.8f);
            var gloss = Smooth(0.74f, 0.86f, texture) * Smooth(0.5f, 0.9f, inFold) * light;
            return colour + (new Vector3(150f, 150f, 146f) * gloss);
        }
    }
}
