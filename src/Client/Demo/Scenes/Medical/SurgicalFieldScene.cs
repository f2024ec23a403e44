using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>An open operating field: drapes around wet tissue, retractors, a gloved hand and a moving instrument.</summary>
internal sealed class SurgicalFieldScene : IScene
{
    private readonly NoiseField _cloth;
    private readonly NoiseField _tissue;
    private readonly Vector3 _drape;
    private readonly Vector3 _glove;
    private readonly double _phase;
    private readonly float _angle;

    public SurgicalFieldScene(int seed)
    {
        var random = new Random(seed);
        _cloth = new NoiseField(seed, 4, 4);
        _tissue = new NoiseField(seed + 1, 8, 5);
        _drape = random.Next(2) == 0 ? random.Near(Rgb(44, 138, 128), 12) : random.Near(Rgb(62, 116, 168), 12);
        _glove = random.Next(2) == 0 ? Rgb(238, 230, 208) : Rgb(128, 172, 226);
        _phase = random.Between(0, 6);
        _angle = random.Between(-0.35f, 0.35f);
    }

    public void Render(Raster raster, double t)
    {
        raster.Shade(new Field(this, _angle + (0.16f * Swing(t, 18, _phase)), (float)t));
        DrawRetractor(raster, t, -1f);
        DrawRetractor(raster, t, 1f);
        var tip = new Vector2(0.14f * Swing(t, 7.3, _phase + 2), 0.07f * Swing(t, 6.1, _phase + 3));
        DrawHand(raster, tip + new Vector2(0.3f, 0.2f), tip);
        DrawSuction(raster, new Vector2(-0.16f + (0.07f * Swing(t, 9.7, _phase + 4)), 0.03f + (0.05f * Swing(t, 8.3, _phase))));
    }

    private void DrawRetractor(Raster raster, double t, float side)
    {
        var pull = 0.008f * Swing(t, 6, _phase + side);
        for (var i = -1; i <= 1; i++)
        {
            var u = (0.1f * i) + (0.04f * side);
            raster.Capsule(u, side * (0.19f + pull), u, side * 0.29f, 0.011f, Rgb(120, 128, 136));
            raster.Capsule(u - 0.003f, side * (0.19f + pull), u - 0.003f, side * 0.29f, 0.005f, Rgb(224, 230, 236));
        }

        raster.Capsule(-0.09f, side * (0.3f + pull), 0.17f, side * (0.3f + pull), 0.016f, Rgb(150, 158, 166));
        raster.Capsule(0.04f, side * (0.3f + pull), 0.06f, side * 0.66f, 0.024f, Rgb(168, 176, 184));
    }

    private void DrawHand(Raster raster, Vector2 hand, Vector2 tip)
    {
        raster.Capsule(hand.X, hand.Y, tip.X, tip.Y, 0.009f, Rgb(90, 96, 104));
        raster.Capsule(hand.X, hand.Y - 0.004f, tip.X, tip.Y - 0.003f, 0.004f, Rgb(232, 236, 242));
        raster.Capsule(tip.X, tip.Y, tip.X - 0.03f, tip.Y - 0.008f, 0.005f, Rgb(210, 216, 222));
        var shade = _glove * 0.74f;
        raster.Capsule(hand.X + 0.2f, hand.Y + 0.16f, hand.X + 0.5f, hand.Y + 0.42f, 0.12f, _drape * 0.8f);
        raster.Disc(hand.X + 0.15f, hand.Y + 0.1f, 0.105f, shade);
        raster.Disc(hand.X + 0.146f, hand.Y + 0.094f, 0.098f, _glove);
        for (var i = 0; i < 4; i++)
        {
            var u = hand.X + 0.05f + (0.035f * i);
            var v = hand.Y - 0.035f + (0.02f * i);
            raster.Capsule(hand.X + 0.13f, hand.Y + 0.07f, u, v + (0.06f * (i % 2)), 0.03f, shade);
            raster.Capsule(hand.X + 0.126f, hand.Y + 0.064f, u - 0.004f, v - 0.005f + (0.06f * (i % 2)), 0.025f, _glove);
        }

        raster.Capsule(hand.X + 0.1f, hand.Y + 0.12f, hand.X + 0.015f, hand.Y + 0.06f, 0.027f, _glove * 0.93f);
    }

    private static void DrawSuction(Raster raster, Vector2 tip)
    {
        raster.Capsule(tip.X, tip.Y, tip.X - 0.5f, tip.Y + 0.34f, 0.015f, Rgb(104, 110, 118));
        raster.Capsule(tip.X, tip.Y - 0.003f, tip.X - 0.5f, tip.Y + 0.334f, 0.007f, Rgb(214, 220, 226));
    }

    private readonly struct Field(SurgicalFieldScene scene, float angle, float t) : IShader
    {
        private readonly float _cos = MathF.Cos(angle);
        private readonly float _sin = MathF.Sin(angle);
        private readonly float _breath = 1f + (0.025f * MathF.Sin(1.6f * t));

        public Vector3 At(float u, float v)
        {
            var coarse = scene._cloth.At(0.8f * u, 0.8f * v);
            var wound = Ellipse(u, v, 0.36f * _breath, 0.2f * _breath, _cos, _sin) + (0.05f * (coarse - 0.5f));
            if (wound > 0.05f)
            {
                var fold = scene._cloth.At((0.5f * u) + (0.3f * v) + 0.2f, (0.25f * v) + (0.004f * t));
                var weave = 6f * (((int)((u + v) * 300f) & 1) - 0.5f);
                return (scene._drape * (0.55f + (0.8f * fold))) + new Vector3(weave);
            }

            var fine = scene._tissue.At(1.3f * u, (1.3f * v) + (0.01f * MathF.Sin(1.6f * t)));
            if (wound > 0.012f)
                return new Vector3(232f, 186f, 122f) * (0.72f + (0.5f * fine));
            var vessel = 1f - Smooth(0.01f, 0.04f, MathF.Abs(scene._cloth.At((1.4f * u) + 0.5f, 1.4f * v) - 0.5f));
            var deep = 0.55f + (0.45f * Smooth(0f, -0.12f, wound));
            var colour = new Vector3(206f, 62f, 54f) * (deep * (0.62f + (0.7f * fine)));
            colour -= new Vector3(60f, 20f, 10f) * vessel;
            var gloss = Smooth(0.76f, 0.86f, scene._tissue.At((1.1f * u) + 0.37f, (1.1f * v) + (0.012f * MathF.Sin((1.6f * t) + 1f))));
            return colour + (new Vector3(150f, 140f, 136f) * gloss);
        }
    }
}
