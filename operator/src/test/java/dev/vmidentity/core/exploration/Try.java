package dev.vmidentity.core.exploration;
class Try { public static void main(String[] a){ 
 if (a.length==0 || a[0].equals("w")) for (World w: World.values()) { if (a.length>1 && !w.name().equals(a[1])) continue; long t=System.nanoTime(); var r=Search.of(w, Rules.PRODUCT); System.out.printf("%s %d states %.1fs%n", w, r.states(), (System.nanoTime()-t)/1e9); r.broken().ifPresent(System.out::println);} 
 if (a.length==0 || a[0].equals("s")) for (Safeguard s: Safeguard.values()) { if (a.length>1 && !s.name().equals(a[1])) continue; long t=System.nanoTime(); var r=Search.of(s.world(), s); 
   var p=r.broken().map(f->f.promise()).orElse(null);
   System.out.printf("%s %s in %s: %s (%d steps) %d states %.1fs%n", p==s.breaks()?"ok":"!!",s, s.world(), p, r.broken().map(f->f.history().size()).orElse(0), r.states(), (System.nanoTime()-t)/1e9);
   if (a.length>1) r.broken().ifPresent(System.out::println);
   if (p==null) for (World w: World.values()) { var q=Search.of(w,s); q.broken().ifPresent(f->System.out.println("     but in "+w+" "+f.promise()+" "+f.history().size())); }
 } } }
