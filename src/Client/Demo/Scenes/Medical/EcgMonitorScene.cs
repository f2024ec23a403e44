using System.Numerics;
using static MedGenCluster.Client.Demo.Scenes.Geometry;

namespace MedGenCluster.Client.Demo.Scenes.Medical;

/// <summary>A bedside monitor: sweeping ECG, pressure and breathing traces with their numbers.</summary>
internal sealed class EcgMonitorScene : IScene
{
    private const float SweepSeconds = 5f;
    private readonly float _rate;
    private readonly float _breaths;
    private readonly double _phase;
    private readonly Vector3 _case;
    private readonly Vector3 _screen;
    private readonly Vector3[] _colours;

    public EcgMonitorScene(int seed)
    {
        var random = new Random(seed);
        _rate = random.Between(1.0f, 1.6f);
        _breaths = random.Between(0.22f, 0.34f);
        _phase = random.Between(0, 6);
        _case = random.Near(Rgb(196, 202, 206), 14);
        _screen = random.Near(Rgb(16, 24, 36), 6);
        _colours = random.Next(2) == 0
            ? [Rgb(70, 240, 110), Rgb(250, 90, 84), Rgb(80, 200, 250), Rgb(250, 220, 80)]
            : [Rgb(90, 250, 140), Rgb(250, 220, 80), Rgb(90, 210, 250), Rgb(240, 240, 240)];
    }

    /// <summary>One lead over one beat: P wave, QRS, T wave; -0.3..1 for x in beats.</summary>
    public static float Complex(float x)
    {
        var p = Fraction(x);
        return (0.14f * Bump(p, 0.18f, 0.03f)) - (0.14f * Bump(p, 0.285f, 0.012f)) + Bump(p, 0.31f, 0.014f)
            - (0.26f * Bump(p, 0.34f, 0.013f)) + (0.28f * Bump(p, 0.56f, 0.05f));
    }

    public void Render(Raster raster, double t)
    {
        var edge = raster.HalfWidth;
        raster.Shade(new Case(_case, t));
        var right = edge - 0.13f;
        raster.Box(0.13f - edge, -0.37f, right, 0.34f, Rgb(60, 64, 70), 0.02f);
        raster.Box(0.145f - edge, -0.355f, right - 0.015f, 0.325f, _screen, 0.014f);
        var from = 0.165f - edge;
        var to = right - 0.36f;
        for (var i = 0; i < 12; i++)
            raster.Capsule(from + ((to - from) * i / 11f), -0.34f, from + ((to - from) * i / 11f), 0.31f, 0.0014f, _screen + Rgb(16, 22, 26));
        for (var row = 0; row < 4; row++)
            DrawRow(raster, t, row, from, to);
        for (var i = 0; i < 6; i++)
            raster.Disc((0.14f * i) - 0.35f, 0.39f, 0.017f, i == 5 ? Rgb(230, 80, 70) : Rgb(110, 118, 126));
        if (Fraction((float)(t * _rate)) < 0.25f)
            raster.Disc(to + 0.33f, -0.31f, 0.014f, _colours[0]);
    }

    private void DrawRow(Raster raster, double t, int row, float from, float to)
    {
        var centre = -0.25f + (0.165f * row);
        var head = Fraction((float)(t / SweepSeconds));
        var count = 150;
        var previous = default(Vector2);
        for (var i = 0; i <= count; i++)
        {
            var x = i / (float)count;
            var age = Fraction(head - x);
            var point = new Vector2(from + ((to - from) * x), centre - (0.066f * Trace(row, t - (age * SweepSeconds))));
            if (i > 0 && age < 0.95f && x > 0.005f && MathF.Abs(x - head) > 0.008f)
                raster.Capsule(previous.X, previous.Y, point.X, point.Y, 0.0045f, _colours[row] * (1f - (0.35f * age)));
            previous = point;
        }

        raster.Digits(to + 0.07f, centre - 0.05f, 0.088f, Reading(row, t), _colours[row]);
        raster.Capsule(to + 0.05f, centre + 0.072f, to + 0.35f, centre + 0.072f, 0.0015f, Rgb(70, 84, 100));
    }

    private float Trace(int row, double t) => row switch
    {
        0 => Complex((float)(t * _rate)) - 0.1f,
        1 => Pulse((float)(t * _rate) - 0.15f) - 0.45f,
        2 => Pulse((float)(t * _rate) - 0.3f) * 0.8f - 0.35f,
        _ => 0.55f * MathF.Sin((float)(2 * Math.PI * _breaths * t)),
    };

    private int Reading(int row, double t)
    {
        var slow = Swing(Math.Floor(t / 3) * 3, 25, _phase + row);
        return row switch
        {
            0 => (int)((60 * _rate) + (4 * slow)),
            1 => (int)(118 + (9 * slow)),
            2 => (int)(97 + (2 * slow)),
            _ => (int)((60 * _breaths) + (2 * slow)),
        };
    }

    private static float Pulse(float x)
    {
        var p = Fraction(x);
        return Bump(p, 0.22f, 0.09f) + (0.45f * Bump(p, 0.5f, 0.09f)) + (0.2f * (1f - p));
    }

    private static float Bump(float x, float centre, float width)
    {
        var z = (x - centre) / width;
        return MathF.Exp(-0.5f * z * z);
    }

    private readonly struct Case(Vector3 colour, double t) : IShader
    {
        private readonly float _glow = 0.1f * Swing(t, 16, 1);

        public Vector3 At(float u, float v) => colour * (0.92f - (0.35f * v) + (_glow * u));
    }
}
