use vigie::{flow::*, ledger::*, pipeline::*, signature::*, source::*};
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let streams: Vec<StreamPlan> = args
        .iter()
        .map(|a| StreamPlan { captures: vec![Input::File(a.into())], reading: Reading::InTurn })
        .collect();
    let db = Database::shipped();
    let options = Options {
        home_net: HomeNet::new(vec![
            "10.0.0.0/8".parse().unwrap(),
            "192.168.0.0/16".parse().unwrap(),
            "172.16.0.0/12".parse().unwrap(),
        ]),
        devices: Devices::default(),
        from: None,
        to: None,
        idle: IdleLimits::default(),
        vlans: VlanUse::Distinguish,
        max_flows: None,
        rollups: vec![
            vec![Dimension::Signature, Dimension::Host, Dimension::Basis, Dimension::Grade],
            vec![Dimension::Registrable],
        ],
        filter: None,
        hash: false,
        jobs: 1,
    };
    let s = run(&streams, &options, &db, &Discard, &Run::default()).unwrap();
    println!("{:?} holds {}", s.balance, s.balance.holds());
    println!("{:?} {:?}", s.totals, s.bounds);
    for r in &s.rollups {
        println!("{} rows", r.rows.len());
    }
}
