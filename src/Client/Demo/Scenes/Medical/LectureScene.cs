using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A lecture slide: title bar, bullet lines, diagrams that fade into one another, a speaker in the corner.</summary>
internal sealed class LectureScene : IScene
{
    private const double DiagramSeconds = 8;
    private readonly Vector3 _paper;
    private readonly Vector3 _title;
    private readonly Vector3 _accent;
    private readonly Vector3 _coat;
    private readonly int _first;
    private readonly bool _mirrored;
    private readonly double _phase;

    public LectureScene(int seed)
    {
        var random = new Random(seed);
        _paper = random.Near(Rgb(236, 238, 242), 8);
        _title = random.Next(3) switch { 0 => Rgb(36, 84, 142), 1 => Rgb(24, 118, 112), _ => Rgb(122, 46, 84) };
        _accent = random.Next(2) == 0 ? Rgb(220, 84, 60) : Rgb(232, 150, 40);
        _coat = random.Next(2) == 0 ? Rgb(250, 250, 252) : Rgb(80, 150, 170);
        _first = random.Next(4);
        _mirrored = random.Next(2) == 0;
        _phase = random.Between(0, 6);
    }

    public void Render(Raster raster, double t)
    {
        var edge = raster.HalfWidth;
        raster.Shade(new Paper(_paper));
        raster.Box(-edge - 0.3f, -0.7f, edge + 0.3f, -0.3f, _title);
        raster.Box(-edge - 0.3f, -0.3f, edge + 0.3f, -0.288f, _accent);
        raster.Box(0.12f - edge, -0.405f, -0.1f, -0.36f, Rgb(240, 244, 250), 0.02f);
        var side = _mirrored ? -1f : 1f;
        DrawBullets(raster, side < 0 ? 0.05f : 0.12f - edge, t);
        var slide = t / DiagramSeconds;
        var index = (int)slide;
        var fade = Smooth(0.7f, 1f, (float)(slide - index));
        var centre = side * 0.42f * edge;
        DrawDiagram(raster, (_first + index) % 4, centre, t, 1f - fade);
        if (fade > 0f)
            DrawDiagram(raster, (_first + index + 1) % 4, centre, t, fade);
        DrawSpeaker(raster, (edge - 0.2f) * -side, t);
    }

    private void DrawBullets(Raster raster, float left, double t)
    {
        for (var i = 0; i < 4; i++)
        {
            var v = -0.2f + (0.1f * i);
            var lit = MathF.Max(0f, MathF.Cos((float)((t * 0.3) + _phase) - (1.57f * i)));
            raster.Disc(left + 0.012f, v, 0.014f, Vector3.Lerp(_title, _accent, lit));
            raster.Box(left + 0.045f, v - 0.012f, left + 0.36f - (0.05f * (i % 3)), v + 0.012f, Vector3.Lerp(Rgb(176, 182, 190), _title, 0.7f * lit), 0.012f);
        }
    }

    private void DrawDiagram(Raster raster, int kind, float u, double t, float alpha)
    {
        raster.Box(u - 0.3f, -0.24f, u + 0.3f, 0.36f, Rgb(252, 253, 255), 0.02f, alpha);
        switch (kind)
        {
            case 0:
                DrawBars(raster, u, t, alpha);
                break;
            case 1:
                DrawPulse(raster, u, t, alpha);
                break;
            case 2:
                DrawCell(raster, u, t, alpha);
                break;
            default:
                DrawCycle(raster, u, t, alpha);
                break;
        }
    }

    private void DrawBars(Raster raster, float u, double t, float alpha)
    {
        for (var i = 0; i < 5; i++)
        {
            var height = 0.24f + (0.13f * Swing(t, 9 + i, _phase + i));
            raster.Box(u - 0.23f + (0.095f * i), 0.3f - height, u - 0.165f + (0.095f * i), 0.3f, i % 2 == 0 ? _title : _accent, 0.006f, alpha);
        }

        raster.Capsule(u - 0.26f, 0.3f, u + 0.26f, 0.3f, 0.005f, Rgb(70, 76, 84), alpha);
        raster.Capsule(u - 0.26f, 0.3f, u - 0.26f, -0.18f, 0.005f, Rgb(70, 76, 84), alpha);
    }

    private void DrawPulse(Raster raster, float u, double t, float alpha)
    {
        for (var i = 1; i < 6; i++)
            raster.Capsule(u - 0.27f, -0.24f + (0.1f * i), u + 0.27f, -0.24f + (0.1f * i), 0.0015f, Rgb(240, 190, 190), alpha);
        Span<Vector2> points = stackalloc Vector2[80];
        for (var i = 0; i < points.Length; i++)
            points[i] = new Vector2(u - 0.26f + (0.52f * i / 79f), 0.1f - (0.22f * EcgMonitorScene.Complex((2.6f * i / 79f) + (float)(0.12 * t))));
        raster.Path(points, 0.006f, _accent, alpha);
    }

    private void DrawCell(Raster raster, float u, double t, float alpha)
    {
        raster.Ellipse(u, 0.06f, 0.24f, 0.22f, _title, 0f, alpha);
        raster.Ellipse(u, 0.06f, 0.225f, 0.205f, Rgb(206, 226, 240), 0f, alpha);
        raster.Disc(u + (0.03f * Swing(t, 8, _phase)), 0.07f, 0.085f, _accent, alpha);
        raster.Disc(u + (0.03f * Swing(t, 8, _phase)), 0.06f, 0.03f, _accent * 0.6f, alpha);
        for (var i = 0; i < 6; i++)
        {
            var angle = (1.047f * i) + (float)(0.12 * t);
            raster.Ellipse(u + (0.155f * MathF.Cos(angle)), 0.06f + (0.14f * MathF.Sin(angle)), 0.034f, 0.017f, Rgb(96, 160, 120), angle, alpha);
        }
    }

    private void DrawCycle(Raster raster, float u, double t, float alpha)
    {
        var active = (int)(t / 2.5) % 3;
        for (var i = 0; i < 3; i++)
        {
            var a = (2.094f * i) - 1.571f;
            var b = a + 2.094f;
            raster.Capsule(u + (0.17f * MathF.Cos(a)), 0.08f + (0.15f * MathF.Sin(a)), u + (0.17f * MathF.Cos(b)), 0.08f + (0.15f * MathF.Sin(b)), 0.006f, Rgb(120, 128, 138), alpha);
        }

        for (var i = 0; i < 3; i++)
        {
            var a = (2.094f * i) - 1.571f;
            raster.Disc(u + (0.17f * MathF.Cos(a)), 0.08f + (0.15f * MathF.Sin(a)), 0.07f, i == active ? _accent : _title, alpha);
            raster.Disc(u + (0.17f * MathF.Cos(a)), 0.08f + (0.15f * MathF.Sin(a)), 0.03f, Rgb(250, 250, 252), alpha);
        }
    }

    private void DrawSpeaker(Raster raster, float u, double t)
    {
        var sway = 0.012f * Swing(t, 5, _phase);
        raster.Ellipse(u + sway, 0.56f, 0.14f, 0.2f, Rgb(96, 102, 112));
        raster.Ellipse(u + sway, 0.565f, 0.13f, 0.19f, _coat);
        raster.Triangle(new Vector2(u + sway - 0.03f, 0.38f), new Vector2(u + sway + 0.03f, 0.38f), new Vector2(u + sway, 0.48f), _title);
        raster.Disc(u + sway, 0.3f, 0.068f, Rgb(92, 62, 44));
        raster.Ellipse(u + sway, 0.316f, 0.056f, 0.062f, Rgb(232, 190, 160));
        raster.Ellipse(u + sway, 0.345f, 0.016f, 0.004f + (0.008f * MathF.Abs(MathF.Sin((float)(5 * t)))), Rgb(150, 60, 60));
        for (var eye = -1; eye <= 1; eye += 2)
            raster.Disc(u + sway + (0.022f * eye), 0.308f, 0.006f, Rgb(50, 40, 40));
    }

    private readonly struct Paper(Vector3 colour) : IShader
    {
        public Vector3 At(float u, float v) => colour * (1f - (0.08f * (v + 0.5f)));
    }
}
