using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Everyday;

/// <summary>The view through a windscreen on a winding country road.</summary>
internal sealed class RoadScene : IScene
{
    private readonly NoiseField _noise;
    private readonly Vector3 _grass;
    private readonly Vector3 _sky;
    private readonly double _phase;

    public RoadScene(int seed)
    {
        var random = new Random(seed);
        _noise = new NoiseField(seed, 4, 5);
        _grass = random.Next(2) == 0 ? Rgb(104, 150, 70) : Rgb(190, 168, 96);
        _sky = random.Next(2) == 0 ? Rgb(128, 178, 232) : Rgb(236, 178, 130);
        _phase = random.Between(0, 6);
    }

    public void Render(Raster raster, double t)
    {
        var bend = 0.35f * Swing(t, 15, _phase);
        raster.Shade(new View(this, bend, (float)(0.9 * t)));
        for (var i = 9; i >= 0; i--)
            DrawTrees(raster, i, t, bend);
        var sway = 0.01f * Swing(t, 4, _phase);
        raster.Ellipse(0f, 0.66f + sway, 1.1f, 0.24f, Rgb(58, 62, 72));
        raster.Ellipse(0f, 0.68f + sway, 1.0f, 0.22f, Rgb(84, 90, 102));
    }

    private static void DrawTrees(Raster raster, int i, double t, float bend)
    {
        var near = Fraction((float)(0.09 * t) + (i * 0.1f));
        var depth = 0.035f + (near * near * 0.6f);
        var v = -0.06f + (0.75f * depth);
        var shift = bend * (1f - (near * 1.1f));
        for (var side = -1; side <= 1; side += 2)
        {
            var u = shift + (side * (0.1f + (2.1f * depth)));
            raster.Capsule(u, v, u, v - (0.35f * depth), 0.05f * depth, Rgb(92, 68, 46));
            raster.Disc(u, v - (0.62f * depth), 0.36f * depth, Rgb(40, 96, 48));
            raster.Disc(u - (0.1f * depth), v - (0.72f * depth), 0.22f * depth, Rgb(66, 128, 62));
        }
    }

    private readonly struct View(RoadScene scene, float bend, float travel) : IShader
    {
        public Vector3 At(float u, float v)
        {
            var horizon = -0.06f;
            if (v < horizon)
            {
                var hill = horizon - 0.02f - (0.16f * scene._noise.At((0.3f * u) - (0.3f * bend), 0.4f));
                if (v > hill)
                    return new Vector3(96f, 124f, 132f) * (1f + (0.8f * (v - hill)));
                var cloud = Smooth(0.5f, 0.8f, scene._noise.At((0.5f * u) - (0.25f * bend) + (0.005f * travel), (1.2f * v) + 0.7f));
                return Vector3.Lerp(Vector3.Lerp(scene._sky, new Vector3(244f, 240f, 234f), (v + 0.5f) * 1.8f), new Vector3(252f, 250f, 248f), 0.8f * cloud);
            }

            var depth = v - horizon + 0.012f;
            var far = 0.05f / depth;
            var centre = bend * MathF.Max(0f, 1f - (2.2f * depth));
            var x = (u - centre) / (depth + 0.02f);
            var stripe = scene._noise.At(0.15f * x, (0.5f * far) + (0.25f * travel));
            if (MathF.Abs(x) > 1.15f)
                return scene._grass * (0.72f + (0.5f * stripe));
            if (MathF.Abs(x) > 1.02f || (MathF.Abs(x) < 0.03f && Fraction((0.9f * far) + (0.22f * travel)) < 0.5f))
                return new Vector3(238f, 238f, 232f);
            return new Vector3(98f, 98f, 104f) * (0.9f + (0.2f * stripe));
        }
    }
}
